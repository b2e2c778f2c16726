package org.jzoo.blocks.attention;

import org.jzoo.blocks.part.Option;

/**
 * Chooses {@link CrossAttention}: multi-head, grouped-query or multi-query.
 *
 * @param numHeads query heads (H), at least 1
 * @param numKeyHeads key and value heads (K), a divisor of H
 * @param headSize features of a head (Dh), at least 1
 * @param bias whether query, key and value maps have a bias
 * @param outputBias whether the output map has a bias
 * @param dropout share of attention weights that are zeroed while training, in [0, 1)
 */
public record CrossAttentionOption(
        int numHeads,
        int numKeyHeads,
        int headSize,
        boolean bias,
        boolean outputBias,
        double dropout)
        implements Option {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public CrossAttentionOption {
        if (numHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException(
                    "numHeads and headSize must be >= 1, got numHeads=%d, headSize=%d"
                            .formatted(numHeads, headSize));
        }
        if (numKeyHeads < 1 || numHeads % numKeyHeads != 0) {
            throw new IllegalArgumentException(
                    "numKeyHeads must divide numHeads, got numKeyHeads=%d, numHeads=%d"
                            .formatted(numKeyHeads, numHeads));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /**
     * A multi-head choice with biases and no dropout.
     *
     * @throws IllegalArgumentException if {@code heads} does not divide {@code dim}
     */
    public static CrossAttentionOption of(int heads, int dim) {
        if (heads < 1 || dim % heads != 0) {
            throw new IllegalArgumentException(
                    "numHeads must divide dim, got numHeads=%d, dim=%d".formatted(heads, dim));
        }
        return new CrossAttentionOption(heads, heads, dim / heads, true, true, 0);
    }

    /** Builds the attention of inputs of width {@code dim} to a memory of the same width. */
    public CrossAttention create(int dim) {
        return create(dim, dim);
    }

    /** Builds the attention of inputs of width {@code dim} to a memory of another width. */
    public CrossAttention create(int dim, int memoryDim) {
        return new CrossAttention(dim, memoryDim, this);
    }
}
