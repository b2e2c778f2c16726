package org.jzoo.blocks.position;

import ai.djl.nn.Block;

/**
 * Chooses a learned row per position, added to the embedding.
 *
 * @param maxLength rows of the table, at least 1; longer inputs are refused
 */
public record LearnedPositionOption(int maxLength) implements EmbeddingPosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code maxLength < 1}
     */
    public LearnedPositionOption {
        if (maxLength < 1) {
            throw new IllegalArgumentException(
                    "maxLength must be >= 1, got maxLength=" + maxLength);
        }
    }

    @Override
    public Block create(int dim) {
        return new LearnedPosition(dim, maxLength);
    }
}
