package org.jzoo.examples.finetune;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
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

/** How J1s learn from a folder of pictures: AdamW, warm-up and a cosine, cross-entropy. */
final class J1Training {

    private static final double SECOND_MOMENT = 0.98;

    private final FineTuneConfig config;
    private final List<TrainingCallback> callbacks = new ArrayList<>();
    private StopSignal stop;

    J1Training(FineTuneConfig config) {
        this.config = config;
    }

    void with(TrainingCallback callback) {
        callbacks.add(callback);
    }

    void with(StopSignal signal) {
        stop = signal;
    }

    /** The loop; an evaluation that is null watches nothing. */
    TrainingLoop loop(
            Part block,
            Batches train,
            Loss loss,
            ModelEvaluation evaluation,
            Watch watch,
            List<ParameterGroup> groups) {
        List<ParameterGroup> all = new ArrayList<>(groups);
        all.addAll(LayerDecay.of(block, config.layerDecay()));
        TrainingConfig.Builder training =
                TrainingConfig.builder()
                        .optEpochs(config.epochs())
                        .optAccumulation(config.accumulation())
                        .optPrecision(config.precision())
                        .optActivationCheckpointing(config.checkpointing())
                        .optClipNorm(1)
                        .optEvaluateEvery(config.evaluateEvery())
                        .optPatience(config.patience())
                        .optRestoreBest(evaluation != null)
                        .optSeed(config.seed());
        TrainingLoop.Builder builder =
                TrainingLoop.builder()
                        .setModel(block)
                        .setLoss(loss)
                        .setBatches(train)
                        .setOptimizer(
                                AdamWConfig.builder()
                                        .setLearningRate(config.learningRate())
                                        .optBetas(0.9, SECOND_MOMENT)
                                        .optWeightDecay(config.weightDecay())
                                        .optGroups(all)
                                        .build())
                        .optSchedule(Schedule.cosine().withWarmupShare(config.warmupShare()));
        if (evaluation != null) {
            training.optWatch(watch);
            builder.optEvaluation(evaluation);
        }
        if (config.work() != null) {
            builder.optCheckpointFolder(config.work()).optResume(config.resume());
        }
        if (stop != null) {
            builder.optStopSignal(stop);
        }
        callbacks.forEach(builder::optCallback);
        return builder.setConfig(training.build()).build();
    }
}
