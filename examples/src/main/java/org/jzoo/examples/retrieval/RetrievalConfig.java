package org.jzoo.examples.retrieval;

import java.nio.file.Path;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * The numbers of a {@link RetrievalRun}.
 *
 * @param variant what is trained
 * @param seed of weights, order, changes of pictures and texts, and the concepts that are kept out
 * @param epochs passes over the training pictures, at least 1
 * @param batchSize pairs of a batch, at least 2: each finds its own among them
 * @param learningRate the highest, positive
 * @param precision of matrix products
 * @param saveTo the folder that the trained model is saved in, J1 only; null for none
 * @param work the folder of the training's checkpoints, from whose last one it goes on; null for
 *     none
 */
public record RetrievalConfig(
        RetrievalVariant variant,
        long seed,
        int epochs,
        int batchSize,
        double learningRate,
        Precision precision,
        Path saveTo,
        Path work) {

    /** Passes over the training pictures, usually. */
    public static final int EPOCHS = 400;

    /** Pairs of a batch, usually. */
    public static final int BATCH_SIZE = 256;

    /** The highest learning rate of J1, usually. */
    public static final double LEARNING_RATE = 1e-3;

    private static final double COUNTING_RATE = 1e-2;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public RetrievalConfig {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(precision, "precision");
        if (epochs < 1 || batchSize < 2 || !(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "epochs must be >= 1, batchSize >= 2 and learningRate > 0, got epochs=%d,"
                                    .formatted(epochs)
                            + " batchSize=%d, learningRate=%s".formatted(batchSize, learningRate));
        }
    }

    /** The usual numbers for a variant; models that count learn faster than J1. */
    public static Builder builder(RetrievalVariant variant) {
        return new Builder(variant);
    }

    /** Collects the components. */
    public static final class Builder {

        private final RetrievalVariant variant;
        private long seed = 17;
        private int epochs = EPOCHS;
        private int batchSize = BATCH_SIZE;
        private double learningRate;
        private Precision precision = Precision.FLOAT32;
        private Path saveTo;
        private Path work;

        private Builder(RetrievalVariant variant) {
            this.variant = variant;
            learningRate = variant.isJ1() ? LEARNING_RATE : COUNTING_RATE;
        }

        /** Sets {@link RetrievalConfig#seed()}; 17 by default. */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#epochs()}; 400 by default. */
        public Builder optEpochs(int value) {
            epochs = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#batchSize()}; 256 by default. */
        public Builder optBatchSize(int value) {
            batchSize = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#learningRate()}; 1e-3 for a J1 by default, else 1e-2. */
        public Builder optLearningRate(double value) {
            learningRate = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#precision()}; float32 by default. */
        public Builder optPrecision(Precision value) {
            precision = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#saveTo()}; nowhere by default. */
        public Builder optSaveTo(Path value) {
            saveTo = value;
            return this;
        }

        /** Sets {@link RetrievalConfig#work()}; nowhere by default. */
        public Builder optWork(Path value) {
            work = value;
            return this;
        }

        /** Validates and builds. */
        public RetrievalConfig build() {
            return new RetrievalConfig(
                    variant, seed, epochs, batchSize, learningRate, precision, saveTo, work);
        }
    }
}
