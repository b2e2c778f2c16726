package org.jzoo.examples.longqa;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How a model is trained on documents.
 *
 * @param steps optimizer steps, at least 1
 * @param batchSize questions or excerpts of a step, at least 1
 * @param length tokens of the longest excerpt in training, at least 1
 * @param learningRate the highest, positive
 * @param weightDecay of matrices, not negative
 * @param seed of weights, order, places and dropout
 * @param precision of matrix products
 * @param device where to train
 * @param work folder of checkpoints and logs; null for none
 * @param resume whether to go on from the last checkpoint in {@code work}
 */
public record SpanConfig(
        int steps,
        int batchSize,
        int length,
        double learningRate,
        double weightDecay,
        long seed,
        Precision precision,
        Device device,
        Path work,
        boolean resume) {

    /** Checks what the training classes do not. */
    public SpanConfig {
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (steps < 1 || batchSize < 1 || length < 1) {
            throw new IllegalArgumentException(
                    "steps, batchSize and length must be >= 1, got steps=%d, batchSize=%d, length=%d"
                            .formatted(steps, batchSize, length));
        }
    }
}
