package org.jzoo.blocks.feedforward;

import java.util.Objects;

/**
 * Chooses {@link DenseFeedForward}.
 *
 * @param width features between the two maps (F), at least 1
 * @param activation between them
 * @param bias whether both maps have a bias
 * @param dropout share of the inner features that are zeroed while training, in [0, 1)
 */
public record DenseFeedForwardOption(int width, Activation activation, boolean bias, double dropout)
        implements FeedForwardOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public DenseFeedForwardOption {
        checkWidth(width, dropout);
        Objects.requireNonNull(activation, "activation");
    }

    static void checkWidth(int width, double dropout) {
        if (width < 1) {
            throw new IllegalArgumentException("width must be >= 1, got width=" + width);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    @Override
    public DenseFeedForward create(int dim) {
        return new DenseFeedForward(dim, this);
    }
}
