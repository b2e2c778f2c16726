package org.jzoo.blocks.chunk;

import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.MixerOption;

/**
 * Chooses {@link ChunkAttention}.
 *
 * @param numHeads heads (H), a divisor of the width
 * @param window how far a position sees: causal, itself and window - 1 before it; otherwise window
 *     / 2 to each side; even, at least 2
 * @param causal whether a position sees only itself and earlier ones
 * @param bias whether the maps have biases
 * @param dropout share of attention weights that are zeroed while training, in [0, 1)
 * @param position turns the first features of queries and keys of the window; those of tokens from
 *     far are not compared; null for none
 * @param forgetGate lets scores in the window fall with what lies between; null for none
 * @param retrieval finds blocks of earlier chunks again; null for none
 */
public record ChunkAttentionOption(
        int numHeads,
        int window,
        boolean causal,
        boolean bias,
        double dropout,
        RotaryPositionOption position,
        ForgetGate forgetGate,
        RetrievalOption retrieval)
        implements MixerOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public ChunkAttentionOption {
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

    /** The same with other retrieval; null for none. */
    public ChunkAttentionOption withRetrieval(RetrievalOption other) {
        return new ChunkAttentionOption(
                numHeads, window, causal, bias, dropout, position, forgetGate, other);
    }

    /** Positions before a query that it sees. */
    int before() {
        return causal ? window - 1 : window / 2;
    }

    /** Positions behind a query that it sees. */
    int after() {
        return causal ? 0 : window / 2;
    }

    /** Features of a head that know positions. */
    int turned() {
        return position == null ? 0 : position.rotaryDim();
    }

    /**
     * Creates the part.
     *
     * @throws IllegalArgumentException if {@code numHeads} does not divide {@code dim}, or no
     *     feature of a head is left that knows no position
     */
    @Override
    public ChunkAttention create(int dim) {
        if (dim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "numHeads must divide dim, got numHeads=%d, dim=%d".formatted(numHeads, dim));
        }
        if (turned() >= dim / numHeads) {
            throw new IllegalArgumentException(
                    "rotaryDim must be below the head's features, got rotaryDim=%d, features=%d"
                            .formatted(turned(), dim / numHeads));
        }
        return new ChunkAttention(dim, this);
    }
}
