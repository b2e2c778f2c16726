package org.jzoo.blocks.feedforward;

import java.util.Objects;

/**
 * Chooses {@link GatedFeedForward}.
 *
 * @param width features of the gate (F), at least 1
 * @param activation of the gate; SILU makes SwiGLU, GELU makes GEGLU
 * @param bias whether the maps have a bias
 * @param dropout share of the inner features that are zeroed while training, in [0, 1)
 */
public record GatedFeedForwardOption(int width, Activation activation, boolean bias, double dropout)
        implements FeedForwardOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public GatedFeedForwardOption {
        DenseFeedForwardOption.checkWidth(width, dropout);
        Objects.requireNonNull(activation, "activation");
    }

    @Override
    public GatedFeedForward create(int dim) {
        return new GatedFeedForward(dim, this);
    }
}
