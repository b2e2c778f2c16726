package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Patches of images, and what tells where a patch lies. */
public final class ImageKernel {

    private static final Script SCRIPT = Script.load("image.py");

    private ImageKernel() {}

    /**
     * Cuts images into square patches, row by row; a patch's numbers lie as in a convolution's
     * weight (C, P, P).
     *
     * @param images (B, C, Hi, Wi) with sides that {@code size} divides
     * @param size side of a patch (P)
     * @return (B, N, C·P·P), N = Hi/P · Wi/P
     */
    public static NDArray patches(NDArray images, int size) {
        return SCRIPT.call("patches", images, size);
    }

    /** Puts {@code row} (D) before the rows of {@code x}: (B, N, D) to (B, 1 + N, D). */
    public static NDArray prepend(NDArray x, NDArray row) {
        return SCRIPT.call("prepend", x, row);
    }

    /**
     * Adds a row of a table to each token. A grid of another size than the table's is fitted with
     * bicubic interpolation, as when a vision transformer is fine-tuned at a higher resolution.
     *
     * @param x (B, T, D)
     * @param table (T - N + N', D): rows for what stands before the patches, then the grid's
     * @param grid of {@code x}, N patches
     * @param tableGrid of the table, N' patches
     * @return (B, T, D)
     */
    public static NDArray addGrid(NDArray x, NDArray table, Grid grid, Grid tableGrid) {
        return SCRIPT.call(
                "add_grid",
                x,
                table,
                grid.rows(),
                grid.columns(),
                tableGrid.rows(),
                tableGrid.columns());
    }

    /**
     * Adds to each patch a row of one table for its row and a row of another for its column.
     *
     * @param x (B, T, D)
     * @param rowTable (at least rows, D)
     * @param columnTable (at least columns, D)
     * @param grid of {@code x}
     * @return (B, T, D)
     */
    public static NDArray addAxes(NDArray x, NDArray rowTable, NDArray columnTable, Grid grid) {
        return SCRIPT.call("add_axes", x, rowTable, columnTable, grid.rows(), grid.columns());
    }

    /**
     * Adds to each patch sines and cosines of its column (the first D/2 features) and of its row
     * (the others), at frequencies 10000^(-4i/D).
     *
     * @param x (B, T, D), D a multiple of 4
     * @param grid of {@code x}
     * @return (B, T, D)
     */
    public static NDArray addSinusoids(NDArray x, Grid grid) {
        return SCRIPT.call("add_grid_sinusoids", x, grid.rows(), grid.columns());
    }

    /**
     * The row and the column of each token of {@code x} (B, T, D): (T, 2), zeros before patches.
     */
    public static NDArray positions(NDArray x, Grid grid) {
        return SCRIPT.call("grid_positions", x, grid.rows(), grid.columns());
    }

    /**
     * Compares images with texts: {@code images · textsᵀ · exp(logScale)}.
     *
     * @param images (Bi, E), each of length 1
     * @param texts (Bt, E), each of length 1
     * @param logScale (1)
     * @return (Bi, Bt)
     */
    public static NDArray match(NDArray images, NDArray texts, NDArray logScale) {
        return SCRIPT.call("match", images, texts, logScale);
    }
}
