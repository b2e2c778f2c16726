package org.jzoo.examples.recipe;

import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * A training that mends or teaches a model which knows something already, as the recipes about
 * compression do it: AdamW, a rate that rises and falls linearly, gradients clipped at a norm of 1.
 *
 * @param steps of the optimizer
 * @param learningRate the highest
 * @param warmupShare of the steps, in which the rate rises
 * @param precision of matrix products
 * @param seed of dropout
 */
public record ShortTraining(
        int steps, double learningRate, double warmupShare, Precision precision, long seed) {

    /** Trains a model in place. */
    public void run(Part model, Batches batches, Loss loss) {
        run(model, batches, loss, new TrainingCallback() {});
    }

    /** The same; the callback hears of each step. */
    public void run(Part model, Batches batches, Loss loss, TrainingCallback callback) {
        TrainingLoop.builder()
                .setModel(model)
                .setLoss(loss)
                .setBatches(batches)
                .setConfig(
                        TrainingConfig.builder()
                                .optSteps(steps)
                                .optPrecision(precision)
                                .optClipNorm(1)
                                .optSeed(seed)
                                .build())
                .setOptimizer(AdamWConfig.of(learningRate))
                .optSchedule(Schedule.linear().withWarmupShare(warmupShare))
                .optCallback(callback)
                .build()
                .run();
    }
}
