package org.jzoo.examples.finetune;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.ParameterGroup;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.training.tuning.LayerDecay;

/** The loop of any fine-tuning, as its configuration asks for it, and who watches it. */
public final class TuningLoop {

    private static final double FIRST_MOMENT = 0.9;
    private static final double CLIP_NORM = 1;

    private final FineTuneConfig config;
    private final List<TrainingCallback> callbacks = new ArrayList<>();
    private StopSignal stop;

    /**
     * What learns from what.
     *
     * @param block that learns
     * @param batches it learns from
     * @param loss that falls
     * @param evaluation that chooses the best weights; null to keep the last ones
     * @param watch the metric by which it does
     */
    public record Lesson(
            Part block, Batches batches, Loss loss, Evaluation evaluation, Watch watch) {}

    /** Prepares loops. */
    public TuningLoop(FineTuneConfig config) {
        this.config = config;
    }

    /** Adds one who wants to know. */
    public void with(TrainingCallback callback) {
        callbacks.add(callback);
    }

    /** Names who may ask it to stop. */
    public void with(StopSignal signal) {
        stop = signal;
    }

    /** Learns with a rate that rises, then falls along a line. */
    public TrainingLoop.Builder linear(Lesson lesson) {
        return loop(lesson)
                .setOptimizer(optimizer(lesson.block(), List.of()).build())
                .optSchedule(Schedule.linear().withWarmupShare(config.warmupShare()));
    }

    /**
     * Learns with a rate that rises, then falls along a cosine.
     *
     * @param secondMoment what stays of the mean of squared gradients after a step
     * @param groups of parameters with rates of their own, before those of layers
     */
    public TrainingLoop.Builder cosine(
            Lesson lesson, double secondMoment, List<ParameterGroup> groups) {
        return loop(lesson)
                .setOptimizer(
                        optimizer(lesson.block(), groups)
                                .optBetas(FIRST_MOMENT, secondMoment)
                                .build())
                .optSchedule(Schedule.cosine().withWarmupShare(config.warmupShare()));
    }

    private AdamWConfig.Builder optimizer(Part block, List<ParameterGroup> groups) {
        List<ParameterGroup> all = new ArrayList<>(groups);
        all.addAll(LayerDecay.of(block, config.layerDecay()));
        return AdamWConfig.builder()
                .setLearningRate(config.learningRate())
                .optWeightDecay(config.weightDecay())
                .optGroups(all);
    }

    private TrainingLoop.Builder loop(Lesson lesson) {
        TrainingConfig.Builder training =
                TrainingConfig.builder()
                        .optEpochs(config.epochs())
                        .optAccumulation(config.accumulation())
                        .optPrecision(config.precision())
                        .optActivationCheckpointing(config.checkpointing())
                        .optClipNorm(CLIP_NORM)
                        .optEvaluateEvery(config.evaluateEvery())
                        .optPatience(config.patience())
                        .optRestoreBest(lesson.evaluation() != null)
                        .optSeed(config.seed());
        config.regularization().into(training);
        TrainingLoop.Builder loop =
                TrainingLoop.builder()
                        .setModel(lesson.block())
                        .setLoss(lesson.loss())
                        .setBatches(lesson.batches());
        if (lesson.evaluation() != null) {
            training.optWatch(lesson.watch());
            loop.optEvaluation(lesson.evaluation());
        }
        if (config.work() != null) {
            loop.optCheckpointFolder(config.work()).optResume(config.resume());
        }
        if (stop != null) {
            loop.optStopSignal(stop);
        }
        callbacks.forEach(loop::optCallback);
        return loop.setConfig(training.build());
    }
}
