package org.jzoo.zoo.task;

import java.util.Objects;
import org.jzoo.blocks.feedforward.Activation;

/**
 * The map that some encoders were trained with on top of their first token.
 *
 * @param width features of the result, at least 1
 * @param activation after the map
 */
public record PoolerOption(int width, Activation activation) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code width} is below 1
     */
    public PoolerOption {
        Objects.requireNonNull(activation, "activation");
        if (width < 1) {
            throw new IllegalArgumentException("width must be >= 1, got width=" + width);
        }
    }
}
