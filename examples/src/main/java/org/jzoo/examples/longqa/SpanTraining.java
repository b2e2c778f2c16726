package org.jzoo.examples.longqa;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.loss.SpanCrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Trains a model on documents for a number of steps, such as a J3 with a {@link
 * org.jzoo.zoo.j3.SpanTask} on questions about them.
 */
public final class SpanTraining {

    private static final double WARM_UP = 0.05;
    private static final double SECOND_MOMENT = 0.98;
    private static final int CHECKPOINT_STEPS = 200;

    private final SpanConfig config;
    private final List<TrainingCallback> callbacks = new ArrayList<>();
    private StopSignal stop;

    /** Prepares a training. */
    public SpanTraining(SpanConfig config) {
        this.config = config;
    }

    /** Adds a listener. */
    public SpanTraining with(TrainingCallback callback) {
        callbacks.add(callback);
        return this;
    }

    /** Lets the signal end training at the next step, with a checkpoint. */
    public SpanTraining with(StopSignal signal) {
        stop = signal;
        return this;
    }

    /** Trains the model in place. */
    public TrainingResult run(LoadedModel model, List<SpanExample> examples) {
        long padding = Math.max(0, model.config().textModel().padding());
        SpanBatches batches =
                new SpanBatches(
                        examples, config.batchSize(), config.length(), padding, config.seed());
        return run(model, batches, new SpanCrossEntropy());
    }

    /** The same for another task than to answer; {@code batches} are as long as they like. */
    public TrainingResult run(LoadedModel model, Batches batches, Loss loss) {
        PyTorch.seed(config.seed());
        TrainingLoop.Builder loop =
                TrainingLoop.builder()
                        .setModel((Part) model.block())
                        .setLoss(loss)
                        .setBatches(batches)
                        .setConfig(
                                TrainingConfig.builder()
                                        .optSteps(config.steps())
                                        .optPrecision(config.precision())
                                        .optClipNorm(1)
                                        .optRestoreBest(false)
                                        .optCheckpointEvery(CHECKPOINT_STEPS)
                                        .optSeed(config.seed())
                                        .build())
                        .setOptimizer(
                                AdamWConfig.builder()
                                        .setLearningRate(config.learningRate())
                                        .optBetas(0.9, SECOND_MOMENT)
                                        .optWeightDecay(config.weightDecay())
                                        .build())
                        .optSchedule(Schedule.cosine().withWarmupShare(WARM_UP));
        if (config.work() != null) {
            loop.optCheckpointFolder(config.work()).optResume(config.resume());
        }
        if (stop != null) {
            loop.optStopSignal(stop);
        }
        callbacks.forEach(loop::optCallback);
        return loop.build().run();
    }
}
