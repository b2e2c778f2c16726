package org.jzoo.blocks.chunk;

import org.jzoo.blocks.part.Option;

/**
 * Memory tokens that are handed from chunk to chunk.
 *
 * @param numTokens how many (M), at least 1
 * @param gateBias null replaces a memory by what the stack makes of it; otherwise {@code m' = s ⊙ m
 *     + (1 - s) ⊙ y} with a share s for each feature, the sigmoid of a linear map of both, whose
 *     bias starts here: what was learned 100 chunks ago is not washed out
 * @see <a href="https://arxiv.org/abs/2207.06881">Bulatov et al. 2022, Recurrent Memory
 *     Transformer</a>, section 3.2
 * @see <a href="https://arxiv.org/abs/2203.07852">Hutchins et al. 2022, Block-Recurrent
 *     Transformers</a>, section 3.2
 */
public record ChunkMemoryOption(int numTokens, Double gateBias) implements Option {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code numTokens} is below 1 or the bias not finite
     */
    public ChunkMemoryOption {
        if (numTokens < 1) {
            throw new IllegalArgumentException(
                    "numTokens must be >= 1, got numTokens=" + numTokens);
        }
        if (gateBias != null && !Double.isFinite(gateBias)) {
            throw new IllegalArgumentException("gateBias must be finite, got gateBias=" + gateBias);
        }
    }
}
