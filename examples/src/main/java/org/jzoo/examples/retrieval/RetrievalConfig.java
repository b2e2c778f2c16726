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
 */
public record RetrievalConfig(
        RetrievalVariant variant,
        long seed,
        int epochs,
        int batchSize,
        double learningRate,
        Precision precision,
        Path saveTo) {

    /** Passes over the training pictures, usually. */
    public static final int EPOCHS = 200;

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

    /** The usual numbers; models that count learn faster than J1. */
    public static RetrievalConfig usual(RetrievalVariant variant, long seed) {
        return new RetrievalConfig(
                variant,
                seed,
                EPOCHS,
                BATCH_SIZE,
                variant.isJ1() ? LEARNING_RATE : COUNTING_RATE,
                Precision.FLOAT32,
                null);
    }
}
