package org.jzoo.examples.recipe;

import java.nio.file.Path;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * A training from random weights for a number of steps, as the recipes about models of equal size
 * and budget do it: AdamW, a rate that rises for a twentieth of the steps and falls by a cosine,
 * gradients clipped at a norm of 1.
 *
 * @param steps of the optimizer
 * @param learningRate the highest
 * @param beta2 of AdamW; its first is 0.9
 * @param weightDecay of matrices
 * @param precision of matrix products
 * @param seed of dropout
 * @param checkpoints how many are written on the way, if there is a folder for them
 */
public record StepTraining(
        int steps,
        double learningRate,
        double beta2,
        double weightDecay,
        Precision precision,
        long seed,
        int checkpoints) {

    /**
     * Trains, or goes on from a checkpoint.
     *
     * @param folder of checkpoints; null for none
     * @param stop ends the training after a step
     */
    public TrainingResult run(
            Part model, Batches batches, Path folder, StopSignal stop, TrainingCallback callback) {
        TrainingLoop.Builder loop =
                TrainingLoop.builder()
                        .setModel(model)
                        .setLoss(new CrossEntropy())
                        .setBatches(batches)
                        .setConfig(
                                TrainingConfig.builder()
                                        .optSteps(steps)
                                        .optPrecision(precision)
                                        .optSeed(seed)
                                        .optClipNorm(1)
                                        .optCheckpointEvery(Math.max(1, steps / checkpoints))
                                        .build())
                        .setOptimizer(
                                AdamWConfig.builder()
                                        .setLearningRate(learningRate)
                                        .optBetas(0.9, beta2)
                                        .optWeightDecay(weightDecay)
                                        .build())
                        .optSchedule(Schedule.cosine().withWarmupShare(0.05))
                        .optStopSignal(stop)
                        .optCallback(callback);
        if (folder != null) {
            loop.optCheckpointFolder(folder).optResume(true);
        }
        return loop.build().run();
    }
}
