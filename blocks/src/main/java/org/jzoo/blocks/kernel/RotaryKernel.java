package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Rotary positions: each pair of features turns by position × frequency.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021, RoFormer</a>, section 3.4
 */
public final class RotaryKernel {

    private static final Script SCRIPT = Script.load("rotary.py");

    private RotaryKernel() {}

    /**
     * Turns queries or keys.
     *
     * @param x (B, H, T, Dh)
     * @param positions (T) or (B, T); null for 0 … T-1
     * @param frequencies R radians per position, 2R ≤ Dh; features past 2R stay as they are
     * @param interleaved true pairs features 2i and 2i+1 (the paper, GPT-J); false pairs i and i+R
     *     (Llama)
     * @param scale factor of the turned features, 1 unless a long-context scheme asks otherwise
     * @return (B, H, T, Dh) in the type of {@code x}
     */
    public static NDArray rotate(
            NDArray x, NDArray positions, double[] frequencies, boolean interleaved, double scale) {
        return SCRIPT.call(
                "rotate", x, positions, Constants.row(frequencies, x), interleaved, scale);
    }

    /**
     * Turns queries and keys of the same positions, whose cosines and sines are computed once.
     *
     * @param q (B, H, T, Dh)
     * @param k (B, K, T, Dh)
     * @return both as {@link #rotate} turns them
     */
    public static NDArray[] rotateBoth(
            NDArray q,
            NDArray k,
            NDArray positions,
            double[] frequencies,
            boolean interleaved,
            double scale) {
        return SCRIPT.callList(
                "rotate_both", q, k, positions, Constants.row(frequencies, q), interleaved, scale);
    }

    /**
     * Turns queries or keys of a grid: features 0 … 2R-1 by the row, 2R … 4R-1 by the column.
     *
     * @param x (B, H, T, Dh)
     * @param positions (T, 2) or (B, T, 2), the row and the column
     * @param frequencies R radians per row and per column, 4R ≤ Dh; features past 4R stay
     * @param interleaved as in {@link #rotate}, within each half
     * @return (B, H, T, Dh) in the type of {@code x}
     */
    public static NDArray rotateGrid(
            NDArray x, NDArray positions, double[] frequencies, boolean interleaved) {
        return SCRIPT.call("rotate_grid", x, positions, Constants.row(frequencies, x), interleaved);
    }
}
