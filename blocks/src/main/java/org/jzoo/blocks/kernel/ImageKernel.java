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

    /**
     * A convolution without bias whose padding keeps the size but for the stride, a norm over
     * groups of channels, and GELU.
     *
     * @param x (B, C, Hi, Wi)
     * @param weight (D, C, P, P), P odd
     * @param scale of the norm (D)
     * @param shift of the norm (D)
     * @param stride of the convolution, at least 1
     * @param groups of the norm, a divisor of D
     * @param precision of the convolution
     * @return (B, D, ⌈Hi / stride⌉, ⌈Wi / stride⌉), float32
     * @see <a href="https://arxiv.org/abs/1803.08494">Wu and He 2018, Group Normalization</a>
     */
    public static NDArray convolve(
            NDArray x,
            NDArray weight,
            NDArray scale,
            NDArray shift,
            int stride,
            int groups,
            Precision precision) {
        return SCRIPT.call(
                "convolve", x, weight, scale, shift, stride, groups, precision.scalarType());
    }

    /** Makes tokens of places, row by row: (B, D, R, Q) to (B, R·Q, D). */
    public static NDArray tokens(NDArray x) {
        return SCRIPT.call("tokens", x);
    }

    /**
     * Joins the features of squares of tokens: (B, R·Q, D) to (B, R/side · Q/side, side·side·D).
     *
     * @param grid of {@code x}, with sides that {@code side} divides
     */
    public static NDArray mergeTokens(NDArray x, Grid grid, int side) {
        return SCRIPT.call("merge_tokens", x, grid.rows(), grid.columns(), side);
    }

    /**
     * Takes pictures out of a set of them.
     *
     * @param bytes (N, C, Hi, Wi) uint8
     * @param rows (B) int64, attached where the result shall be attached
     * @return (B, C, Hi, Wi) float32 in [-1, 1]
     */
    public static NDArray pixels(NDArray bytes, NDArray rows) {
        NDArray pixels = SCRIPT.call("pixels", bytes, rows);
        pixels.attach(rows.getManager());
        return pixels;
    }

    /**
     * Turns, scales and moves images: the result at p is {@code images} at {@code place · [p; 1]},
     * where p = (column, row) from -1 to 1; pixels in between are weighed by distance.
     *
     * @param images (B, C, Hi, Wi)
     * @param place (B, 2, 3)
     * @param fill what lies outside of images
     * @return (B, C, Hi, Wi)
     */
    public static NDArray warp(NDArray images, NDArray place, double fill) {
        return SCRIPT.call("warp", images, place, fill);
    }

    /**
     * Maps colours: {@code colour · [red, green, blue, 1]}, cut to [-1, 1].
     *
     * @param images (B, 3, Hi, Wi) in [-1, 1]
     * @param colour (B, 3, 4)
     * @return (B, 3, Hi, Wi)
     */
    public static NDArray recolour(NDArray images, NDArray colour) {
        return SCRIPT.call("recolour", images, colour);
    }

    /**
     * Counts colours: square roots of the shares of bins³ colours in the whole picture and, with
     * more than one cell, in each of cells² parts of it, row by row.
     *
     * @param images (B, 3, Hi, Wi) in [-1, 1]
     * @param bins levels of each of red, green and blue, at least 1
     * @param cells parts in a row and in a column, from 1 to the shorter side
     * @return (B, parts · bins³), parts = 1, or 1 + cells²
     */
    public static NDArray colours(NDArray images, int bins, int cells) {
        return SCRIPT.call("colours", images, bins, cells);
    }
}
