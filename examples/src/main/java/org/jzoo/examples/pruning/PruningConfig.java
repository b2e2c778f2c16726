package org.jzoo.examples.pruning;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How models are pruned and trained again.
 *
 * @param glue folder with GLUE's folders
 * @param work folder of tuned models
 * @param model a pretrained model's name, or its folder
 * @param steps of the training after pruning, the same for all methods
 * @param cuts of progressive pruning, which share the steps
 * @param limit rows of a file that are read at most
 * @param precision of matrix products while training
 * @param device where to train
 */
public record PruningConfig(
        Path glue,
        Path work,
        String model,
        int steps,
        int cuts,
        int limit,
        Precision precision,
        Device device) {

    static final int MAX_LENGTH = 128;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PruningConfig {
        Objects.requireNonNull(glue, "glue");
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (cuts < 1 || steps < cuts || limit < 1) {
            throw new IllegalArgumentException(
                    "cuts and limit must be >= 1 and steps >= cuts, got steps=%d, cuts=%d, limit=%d"
                            .formatted(steps, cuts, limit));
        }
    }
}
