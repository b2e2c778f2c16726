package org.jzoo.blocks.position;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.kernel.Grid;

/**
 * Chooses a learned row per row and per column of an image's grid, added up: R + Q rows in place of
 * R · Q, and any image up to that grid. The paper joins two rows of half the width instead.
 *
 * @param largest the largest grid
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2021, ViT</a>, appendix D.4
 */
public record LearnedAxesPositionOption(Grid largest) implements EmbeddingPosition {

    /** Validates. */
    public LearnedAxesPositionOption {
        Objects.requireNonNull(largest, "largest");
    }

    @Override
    public Block create(int dim) {
        return new LearnedAxesPosition(dim, largest);
    }
}
