package org.jzoo.training.optimizer;

import java.util.Objects;

/**
 * The factor of the learning rate at each step: a linear warm-up from 0 to 1 over W steps, then a
 * decay to the end of training at N steps, with the formulas of Hugging Face's transformers.
 *
 * <p>A schedule asked for a share of warm-up takes {@code ceil(share · N)} steps.
 *
 * @param decay what follows the warm-up
 * @param warmupSteps W, at least 0; 0 leaves it to {@code warmupShare}
 * @param warmupShare W as a share of N, in [0, 1]
 */
public record Schedule(Decay decay, long warmupSteps, double warmupShare) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public Schedule {
        Objects.requireNonNull(decay, "decay");
        if (warmupSteps < 0) {
            throw new IllegalArgumentException(
                    "warmupSteps must be >= 0, got warmupSteps=" + warmupSteps);
        }
        if (!(warmupShare >= 0 && warmupShare <= 1)) {
            throw new IllegalArgumentException(
                    "warmupShare must be in [0, 1], got warmupShare=" + warmupShare);
        }
    }

    /** Factor 1 throughout. */
    public static Schedule constant() {
        return new Schedule(Decay.CONSTANT, 0, 0);
    }

    /** From 1 straight to 0 at the last step. */
    public static Schedule linear() {
        return new Schedule(Decay.LINEAR, 0, 0);
    }

    /**
     * From 1 to 0 along half a cosine.
     *
     * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter 2017, SGDR</a>, without
     *     restarts
     */
    public static Schedule cosine() {
        return new Schedule(Decay.COSINE, 0, 0);
    }

    /** This schedule after a warm-up of so many steps. */
    public Schedule withWarmupSteps(long steps) {
        return new Schedule(decay, steps, 0);
    }

    /** This schedule after a warm-up over that share of all steps. */
    public Schedule withWarmupShare(double share) {
        return new Schedule(decay, 0, share);
    }

    /** W for a training of {@code totalSteps} steps. */
    public long warmupOf(long totalSteps) {
        return warmupSteps > 0 ? warmupSteps : (long) Math.ceil(totalSteps * warmupShare);
    }

    /**
     * Computes the factor.
     *
     * @param step the number of steps made before this one, from 0
     * @param totalSteps N, at least 1
     * @return in [0, 1]
     */
    public double factor(long step, long totalSteps) {
        long warmup = warmupOf(totalSteps);
        if (step < warmup) {
            return (double) step / warmup;
        }
        double done = (double) (step - warmup) / Math.max(1, totalSteps - warmup);
        return decay.factor(Math.min(1, done));
    }
}
