package org.jzoo.examples.arena;

import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Size;

/**
 * The numbers of a comparison: the same for every variant.
 *
 * @param size of the model
 * @param training how it learns
 * @param precision of matrix products
 */
public record ArenaConfig(J3Size size, Training training, Precision precision) {

    /**
     * How it is trained.
     *
     * @param steps optimizer steps, at least 1; the first 5 % warm up, then half a cosine
     * @param batchSize texts of a step, at least 1
     * @param learningRate the highest rate
     */
    public record Training(int steps, int batchSize, double learningRate) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Training {
            if (steps < 1 || batchSize < 1 || !(learningRate > 0)) {
                throw new IllegalArgumentException(
                        "steps and batchSize must be >= 1, learningRate > 0, got steps=%d, batchSize=%d, learningRate=%s"
                                .formatted(steps, batchSize, learningRate));
            }
        }
    }

    /** Checks that the parts are there. */
    public ArenaConfig {
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(precision, "precision");
    }

    /** 3.8 million weights, the published steps of ListOps: for a GPU. */
    public static ArenaConfig full() {
        return new ArenaConfig(
                new J3Size(256, 8, 4, 704, 1024, 64, 4),
                new Training(5_000, 32, 1e-3),
                Precision.BFLOAT16);
    }

    /** A tiny form that shows on two cores in seconds a run that everything works. */
    public static ArenaConfig smoke() {
        return new ArenaConfig(
                new J3Size(32, 2, 2, 64, 512, 32, 4), new Training(4, 4, 3e-3), Precision.FLOAT32);
    }

    /** The same with another way of training. */
    public ArenaConfig withTraining(Training value) {
        return new ArenaConfig(size, value, precision);
    }

    /** The same with products in another precision. */
    public ArenaConfig withPrecision(Precision value) {
        return new ArenaConfig(size, training, value);
    }
}
