package org.jzoo.zoo.j1;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import org.jzoo.blocks.embedding.ImageStemOption;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * An image encoder's numbers.
 *
 * @param stem what makes tokens of an image
 * @param size side of the square images in pixels, at least 1
 * @param position what is added to the tokens; null if the mixers know positions
 * @param dropout share of the tokens' features that is zeroed while training, in [0, 1)
 * @param stack the Transformer over the tokens
 * @param merge side of the squares of tokens that become one after the Transformer, a divisor of
 *     the grid's sides; 1 to leave them
 */
public record J1Image(
        ImageStemOption stem,
        int size,
        EmbeddingPosition position,
        double dropout,
        TransformerConfig stack,
        int merge) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public J1Image {
        Objects.requireNonNull(stem, "stem");
        Objects.requireNonNull(stack, "stack");
        if (size < 1 || merge < 1) {
            throw new IllegalArgumentException(
                    "size and merge must be >= 1, got size=%d, merge=%d".formatted(size, merge));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
        Grid grid = grid(stem, size);
        if (grid.rows() % merge != 0) {
            throw new IllegalArgumentException(
                    "merge must divide the grid's sides, got merge=%d, grid=%dx%d"
                            .formatted(merge, grid.rows(), grid.columns()));
        }
    }

    private static Grid grid(ImageStemOption stem, int size) {
        return stem.grid(new Shape(1, stem.channels(), size, size));
    }

    /** How the tokens of an image lie in this encoder. */
    public Grid grid() {
        return grid(stem, size);
    }

    /** How the tokens lie that the fusion gets. */
    public Grid merged() {
        Grid grid = grid();
        return new Grid(grid.rows() / merge, grid.columns() / merge);
    }
}
