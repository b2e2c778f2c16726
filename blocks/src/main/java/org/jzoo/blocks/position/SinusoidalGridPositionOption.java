package org.jzoo.blocks.position;

import ai.djl.nn.Block;

/**
 * Chooses fixed sines and cosines of a patch's column and row; images of any size.
 *
 * @see <a href="https://arxiv.org/abs/2111.06377">He et al. 2022, Masked Autoencoders</a>
 */
public record SinusoidalGridPositionOption() implements EmbeddingPosition {

    /**
     * Builds the block.
     *
     * @throws IllegalArgumentException if 4 does not divide {@code dim}
     */
    @Override
    public Block create(int dim) {
        if (dim % 4 != 0) {
            throw new IllegalArgumentException("dim must be a multiple of 4, got dim=" + dim);
        }
        return new SinusoidalGridPosition();
    }
}
