package org.jzoo.blocks.attention;

import org.jzoo.blocks.transformer.MixerOption;

/**
 * Chooses {@link GlobalWindowAttention}.
 *
 * @param numHeads heads (H), a divisor of the width
 * @param window keys near a position that it sees: half on each side, and itself; even, at least 2
 * @param bias whether the maps have biases
 * @param dropout share of attention weights that are zeroed while training, in [0, 1)
 */
public record GlobalWindowOption(int numHeads, int window, boolean bias, double dropout)
        implements MixerOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public GlobalWindowOption {
        if (numHeads < 1) {
            throw new IllegalArgumentException("numHeads must be >= 1, got numHeads=" + numHeads);
        }
        if (window < 2 || window % 2 != 0) {
            throw new IllegalArgumentException(
                    "window must be even and >= 2, got window=" + window);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /**
     * Creates the part.
     *
     * @throws IllegalArgumentException if {@code numHeads} does not divide {@code dim}
     */
    @Override
    public GlobalWindowAttention create(int dim) {
        if (dim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "numHeads must divide dim, got numHeads=%d, dim=%d".formatted(numHeads, dim));
        }
        return new GlobalWindowAttention(dim, this);
    }
}
