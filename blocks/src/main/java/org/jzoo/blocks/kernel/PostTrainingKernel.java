package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * What fits packed weights to trained ones by the inputs of their map: the second moments {@code Σ
 * x xᵀ} (In, In) and magnitudes {@code Σ |x|} (In), float64, over tokens. Call with gradients off.
 */
public final class PostTrainingKernel {

    private static final Script SCRIPT = Script.load("posttraining.py");

    private PostTrainingKernel() {}

    /**
     * Adds inputs to the sums, in place.
     *
     * @param second (In, In) float64
     * @param magnitude (In) float64
     * @param x (..., In)
     * @param keep (...) booleans, false for what does not count; null when all count
     */
    public static void addInputs(NDArray second, NDArray magnitude, NDArray x, NDArray keep) {
        SCRIPT.call("add_inputs", second, magnitude, x, keep).close();
    }

    /** Adds the squares of a gradient to sums of the same shape, in place. */
    public static void addSquares(NDArray sums, NDArray gradient) {
        SCRIPT.call("add_squares", sums, gradient).close();
    }

    /**
     * Computes what replacing a weight does to the outputs: {@code Σ |(w - q) x|² / Σ |w x|²}.
     *
     * @param weight (Out, In)
     * @param replaced (Out, In)
     * @param second of the inputs
     */
    public static double outputError(NDArray weight, NDArray replaced, NDArray second) {
        try (NDArray error = SCRIPT.call("output_error", weight, replaced, second)) {
            return error.toDoubleArray()[0];
        }
    }

    /**
     * Computes codes column by column, each time moving the columns that follow so that they make
     * up for the error.
     *
     * @param weight (Out, In)
     * @param scale (groups), positive
     * @param zero (groups), whole numbers
     * @param second of the inputs
     * @param size weights of a group
     * @param high the largest code
     * @param damping share of the mean second moment that is added to each
     * @param ordered whether the columns with the largest second moments come first
     * @return (Out, In) uint8
     * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al. 2023, GPTQ</a>, algorithm 1
     */
    public static NDArray gptq(
            NDArray weight,
            NDArray scale,
            NDArray zero,
            NDArray second,
            long size,
            int high,
            double damping,
            boolean ordered) {
        return SCRIPT.call("gptq", weight, scale, zero, second, size, high, damping, ordered);
    }

    /**
     * Computes {@code s = magnitude^power}, scaled so that the largest times the smallest is 1.
     *
     * @param magnitude (In)
     * @return (In) float32
     * @see <a href="https://arxiv.org/abs/2306.00978">Lin et al. 2024, AWQ</a>, equation 5
     */
    public static NDArray columnScale(NDArray magnitude, double power) {
        return SCRIPT.call("column_scale", magnitude, power);
    }

    /**
     * Fits a table to vectors by weighted k-means: the sum of {@code importance · (vector -
     * entry)²} falls with every round.
     *
     * @param vectors (N, d) float32
     * @param importance (N, d) float32, positive
     * @param table (K, d) float32 to start from, K at most 256
     * @param rounds at least 0
     * @return the table and the vectors' codes, (N) uint8
     */
    public static NDArray[] productFit(
            NDArray vectors, NDArray importance, NDArray table, int rounds) {
        return SCRIPT.callList("product_fit", vectors, importance, table, rounds);
    }
}
