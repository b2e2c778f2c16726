package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** What pruning asks of weights, their gradients and activations. */
public final class ImportanceKernel {

    private static final Script SCRIPT = Script.load("importance.py");

    private ImportanceKernel() {}

    /**
     * The derivatives of the loss by factors before each input of a linear map, at 1: {@code Σₒ
     * w[o, i] · ∂loss/∂w[o, i]}, which is {@code Σ xᵢ · ∂loss/∂xᵢ} over all positions of the batch.
     *
     * @param weight (Out, In), with its gradient; without one all are 0
     * @return (In)
     */
    public static NDArray inputGates(NDArray weight) {
        return SCRIPT.call("input_gates", weight);
    }

    /**
     * Sums and sums of squares over the tokens.
     *
     * @param x (B, T, F)
     * @param mask (B, T) boolean, true means that a token counts; null for all
     * @return (2, F) in float32
     */
    public static NDArray moments(NDArray x, NDArray mask) {
        return SCRIPT.call("moments", x, mask);
    }

    /**
     * Copies rows and columns.
     *
     * @param x a matrix, or a vector if {@code columns} is null
     * @param rows int64 indices of the first dimension; null for all
     * @param columns int64 indices of the second dimension; null for all
     */
    public static NDArray select(NDArray x, NDArray rows, NDArray columns) {
        return SCRIPT.call("select", x, rows, columns);
    }

    /**
     * Computes the directions in which rows vary most.
     *
     * @param x (V, D)
     * @param weights (V), how much each row counts, not negative
     * @param rank how many directions (R), in [1, D]
     * @return orthonormal directions (D, R), the strongest first, and the mean (D)
     */
    public static NDArray[] directions(NDArray x, NDArray weights, int rank) {
        return SCRIPT.callList("directions", x, weights, rank);
    }

    /** Computes the coordinates (V, R) of rows (V, D) along {@link #directions}. */
    public static NDArray coordinates(NDArray x, NDArray directions, NDArray mean) {
        return SCRIPT.call("coordinates", x, directions, mean);
    }

    /**
     * Computes which weights stay: all but a share with the smallest magnitudes.
     *
     * @param weight (Out, In)
     * @param sparsity that share, in [0, 1)
     * @return (Out, In), 1 for those that stay, else 0
     */
    public static NDArray magnitudeMask(NDArray weight, double sparsity) {
        return SCRIPT.call("magnitude_mask", weight, sparsity);
    }

    /**
     * Computes which weights stay: of each {@code group} neighbours in a row the {@code kept} with
     * the largest magnitudes.
     *
     * @param weight (Out, In), In a multiple of {@code group}
     * @return (Out, In), 1 for those that stay, else 0
     */
    public static NDArray groupMask(NDArray weight, int kept, int group) {
        return SCRIPT.call("group_mask", weight, kept, group);
    }

    /**
     * Drops a share of the weights that are there, the smallest, and lets as many others grow,
     * those with the largest gradients.
     *
     * @param weight (Out, In)
     * @param mask (Out, In), 1 for weights that are there, else 0
     * @param gradient (Out, In), of all weights
     * @param share of those that are there, in [0, 1]
     * @return the mask without what was dropped, and the mask with what grew
     */
    public static NDArray[] rewired(NDArray weight, NDArray mask, NDArray gradient, double share) {
        return SCRIPT.callList("rewired", weight, mask, gradient, share);
    }
}
