package org.jzoo.training.loop;

import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How a training runs.
 *
 * @param epochs passes over the data; 0 where {@code steps} is given
 * @param steps optimizer steps; 0 where {@code epochs} is given
 * @param accumulation batches whose gradients make one step, at least 1; the last step of an epoch
 *     takes what is left
 * @param precision the number type of matrix products
 * @param activationCheckpointing whether layers are computed again for the backward pass instead of
 *     kept in memory
 * @param clipNorm the greatest global L2 norm of gradients, 0 for any
 * @param evaluateEvery steps between evaluations, 0 for one at the end of each epoch; one at the
 *     end of training is always made
 * @param watch the metric that decides which model is the best
 * @param patience evaluations without improvement after which training stops, 0 for never
 * @param restoreBest whether the model ends with the weights of the best evaluation
 * @param checkpointEvery steps between checkpoints, 0 for one at each evaluation, or at the end of
 *     each epoch where there is none; one at the end is always made
 * @param checkpointAll whether checkpoints hold frozen parameters too
 * @param averaging the decay d of an exponential average of the weights, {@code a ← d a + (1 - d)
 *     w} after each step, in [0, 1); 0 for none. The average is what is evaluated and what the
 *     model ends with; after t steps d is at most (1 + t) / (10 + t), so that short trainings
 *     forget their start
 * @param perturbation what is perturbed adversarially; null for nothing
 * @param seed from which every random draw comes
 */
public record TrainingConfig(
        int epochs,
        long steps,
        int accumulation,
        Precision precision,
        boolean activationCheckpointing,
        double clipNorm,
        long evaluateEvery,
        Watch watch,
        int patience,
        boolean restoreBest,
        long checkpointEvery,
        boolean checkpointAll,
        double averaging,
        Perturbation perturbation,
        long seed) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public TrainingConfig {
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(watch, "watch");
        if (epochs < 0 || steps < 0 || (epochs > 0) == (steps > 0)) {
            throw new IllegalArgumentException(
                    "either epochs or steps must be > 0, got epochs=%d, steps=%d"
                            .formatted(epochs, steps));
        }
        if (accumulation < 1) {
            throw new IllegalArgumentException(
                    "accumulation must be >= 1, got accumulation=" + accumulation);
        }
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("clipNorm must be >= 0, got clipNorm=" + clipNorm);
        }
        if (!(averaging >= 0 && averaging < 1)) {
            throw new IllegalArgumentException(
                    "averaging must be in [0, 1), got averaging=" + averaging);
        }
        if (evaluateEvery < 0 || patience < 0 || checkpointEvery < 0) {
            throw new IllegalArgumentException(
                    "evaluateEvery, patience and checkpointEvery must be >= 0, got"
                            + " evaluateEvery=%d, patience=%d, checkpointEvery=%d"
                                    .formatted(evaluateEvery, patience, checkpointEvery));
        }
    }

    /** Collects the components; each has a default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a {@link TrainingConfig}. */
    public static final class Builder {

        private int epochs = 3;
        private long steps;
        private int accumulation = 1;
        private Precision precision = Precision.FLOAT32;
        private boolean activationCheckpointing;
        private double clipNorm = 1;
        private long evaluateEvery;
        private Watch watch = new Watch("loss", false);
        private int patience;
        private boolean restoreBest = true;
        private long checkpointEvery;
        private boolean checkpointAll;
        private double averaging;
        private Perturbation perturbation;
        private long seed;

        private Builder() {}

        /** Sets {@link TrainingConfig#epochs()}, instead of steps; 3 by default. */
        public Builder optEpochs(int value) {
            epochs = value;
            steps = 0;
            return this;
        }

        /** Sets {@link TrainingConfig#steps()}, instead of epochs. */
        public Builder optSteps(long value) {
            steps = value;
            epochs = 0;
            return this;
        }

        /** Sets {@link TrainingConfig#accumulation()}; 1 by default. */
        public Builder optAccumulation(int value) {
            accumulation = value;
            return this;
        }

        /** Sets {@link TrainingConfig#precision()}; FLOAT32 by default. */
        public Builder optPrecision(Precision value) {
            precision = value;
            return this;
        }

        /** Sets {@link TrainingConfig#activationCheckpointing()}; off by default. */
        public Builder optActivationCheckpointing(boolean value) {
            activationCheckpointing = value;
            return this;
        }

        /** Sets {@link TrainingConfig#clipNorm()}; 1 by default. */
        public Builder optClipNorm(double value) {
            clipNorm = value;
            return this;
        }

        /** Sets {@link TrainingConfig#evaluateEvery()}; 0 by default. */
        public Builder optEvaluateEvery(long value) {
            evaluateEvery = value;
            return this;
        }

        /** Sets {@link TrainingConfig#watch()}; "loss", lower is better, by default. */
        public Builder optWatch(Watch value) {
            watch = value;
            return this;
        }

        /** Sets {@link TrainingConfig#patience()}; 0 by default. */
        public Builder optPatience(int value) {
            patience = value;
            return this;
        }

        /** Sets {@link TrainingConfig#restoreBest()}; on by default. */
        public Builder optRestoreBest(boolean value) {
            restoreBest = value;
            return this;
        }

        /** Sets {@link TrainingConfig#checkpointEvery()}; 0 by default. */
        public Builder optCheckpointEvery(long value) {
            checkpointEvery = value;
            return this;
        }

        /** Sets {@link TrainingConfig#checkpointAll()}; off by default. */
        public Builder optCheckpointAll(boolean value) {
            checkpointAll = value;
            return this;
        }

        /** Sets {@link TrainingConfig#averaging()}; 0 by default. */
        public Builder optAveraging(double value) {
            averaging = value;
            return this;
        }

        /** Sets {@link TrainingConfig#perturbation()}; none by default. */
        public Builder optPerturbation(Perturbation value) {
            perturbation = value;
            return this;
        }

        /** Sets {@link TrainingConfig#seed()}; 0 by default. */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /** Validates and builds. */
        public TrainingConfig build() {
            return new TrainingConfig(
                    epochs,
                    steps,
                    accumulation,
                    precision,
                    activationCheckpointing,
                    clipNorm,
                    evaluateEvery,
                    watch,
                    patience,
                    restoreBest,
                    checkpointEvery,
                    checkpointAll,
                    averaging,
                    perturbation,
                    seed);
        }
    }
}
