package org.jzoo.examples.recipe;

import ai.djl.nn.Block;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * How a J1 learns from generated questions: AdamW, warm-up and a cosine; the last weights count.
 *
 * @param epochs passes over the training pictures
 * @param learningRate the highest
 * @param weightDecay of matrices
 * @param warmupShare share of the steps during which the rate rises
 * @param precision of matrix products
 * @param seed of dropout
 */
record VqaTraining(
        int epochs,
        double learningRate,
        double weightDecay,
        double warmupShare,
        Precision precision,
        long seed) {

    private static final int CHECKPOINTS = 20;

    /** A loop to which callbacks and a folder of checkpoints can be added. */
    TrainingLoop.Builder loop(Block model, Batches batches, Loss loss) {
        long steps = (long) epochs * batches.size(0);
        return TrainingLoop.builder()
                .setModel(model)
                .setLoss(loss)
                .setBatches(batches)
                .setConfig(
                        TrainingConfig.builder()
                                .optEpochs(epochs)
                                .optPrecision(precision)
                                .optSeed(seed)
                                .optClipNorm(1)
                                .optRestoreBest(false)
                                .optCheckpointEvery(Math.max(1, steps / CHECKPOINTS))
                                .build())
                .setOptimizer(
                        AdamWConfig.builder()
                                .setLearningRate(learningRate)
                                .optBetas(0.9, 0.98)
                                .optWeightDecay(weightDecay)
                                .build())
                .optSchedule(Schedule.cosine().withWarmupShare(warmupShare));
    }
}
