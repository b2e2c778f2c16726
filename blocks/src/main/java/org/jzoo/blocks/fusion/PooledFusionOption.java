package org.jzoo.blocks.fusion;

import java.util.Objects;
import org.jzoo.blocks.feedforward.Activation;

/**
 * Chooses {@link PooledFusion}.
 *
 * @param width features between its two maps (F), at least 1
 * @param activation between them
 */
public record PooledFusionOption(int width, Activation activation) implements FusionOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code width < 1}
     */
    public PooledFusionOption {
        Objects.requireNonNull(activation, "activation");
        if (width < 1) {
            throw new IllegalArgumentException("width must be >= 1, got width=" + width);
        }
    }

    @Override
    public PooledFusion create(int dim) {
        return new PooledFusion(dim, this);
    }
}
