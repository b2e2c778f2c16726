package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.part.Pass;

/** The context's grid, checked against the tokens that come. */
final class ImageGrid {

    /** Any number of tokens may stand before the patches. */
    static final int ANY = -1;

    private ImageGrid() {}

    static Grid of(Pass pass, NDArray x, int leading) {
        Grid grid = pass.context().grid();
        long length = x.getShape().get(1);
        if (grid == null) {
            throw new IllegalStateException(
                    "grid must be set in the context for positions in two dimensions, got none for"
                            + " length="
                            + length);
        }
        long before = length - grid.size();
        if (before < 0 || (leading != ANY && before != leading)) {
            throw new IllegalArgumentException(
                    "length must be that of the grid and %s tokens before it, got length=%d, grid=%dx%d"
                            .formatted(
                                    leading == ANY ? "any" : leading,
                                    length,
                                    grid.rows(),
                                    grid.columns()));
        }
        return grid;
    }
}
