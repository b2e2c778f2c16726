package org.jzoo.blocks.position;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.kernel.Grid;

/**
 * Chooses a learned row per place of an image's grid, as ViT and CLIP have; images of other sizes
 * get interpolated rows.
 *
 * @param grid the places that rows are learned for
 * @param leading rows for tokens before the patches, such as a class token; at least 0
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2021, ViT</a>, sections 3.1
 *     and 3.2
 */
public record LearnedGridPositionOption(Grid grid, int leading) implements EmbeddingPosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code leading} is negative
     */
    public LearnedGridPositionOption {
        Objects.requireNonNull(grid, "grid");
        if (leading < 0) {
            throw new IllegalArgumentException("leading must be >= 0, got leading=" + leading);
        }
    }

    @Override
    public Block create(int dim) {
        return new LearnedGridPosition(dim, this);
    }
}
