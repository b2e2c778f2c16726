package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/** Affine maps, plain and with a low-rank update. */
public final class LinearKernel {

    private static final Script SCRIPT = Script.load(List.of("dropout.py", "linear.py"), Map.of());

    private LinearKernel() {}

    /**
     * Computes {@code x · weightᵀ + bias}.
     *
     * @param x (..., In)
     * @param weight (Out, In)
     * @param bias (Out), or null for none
     * @param precision the type of the product and of the result
     * @return (..., Out)
     */
    public static NDArray linear(NDArray x, NDArray weight, NDArray bias, Precision precision) {
        return SCRIPT.call("linear", x, weight, bias, precision.scalarType());
    }

    /**
     * Computes {@code x · weightᵀ + bias + scale · dropout(x) · aᵀ · bᵀ}.
     *
     * @param x (..., In)
     * @param weight (Out, In)
     * @param bias (Out), or null for none
     * @param a (R, In)
     * @param b (Out, R)
     * @param scale factor of the update
     * @param dropout share of the update's inputs that are zeroed, in [0, 1)
     * @param precision the type of the products and of the result
     * @return (..., Out)
     */
    public static NDArray lowRank(
            NDArray x,
            NDArray weight,
            NDArray bias,
            NDArray a,
            NDArray b,
            double scale,
            double dropout,
            Precision precision) {
        return SCRIPT.call(
                "low_rank", x, weight, bias, a, b, scale, dropout, precision.scalarType());
    }

    /**
     * Computes {@code y + scale · dropout(x) · aᵀ · bᵀ} in the type of {@code y}, (..., Out); other
     * parameters as in {@link #lowRank}.
     */
    public static NDArray addLowRank(
            NDArray y, NDArray x, NDArray a, NDArray b, double scale, double dropout) {
        return SCRIPT.call("add_low_rank", y, x, a, b, scale, dropout);
    }

    /** Computes {@code weight + scale · b · a}; shapes as in {@link #lowRank}. */
    public static NDArray mergeLowRank(NDArray weight, NDArray a, NDArray b, double scale) {
        return SCRIPT.call("merge_low_rank", weight, a, b, scale);
    }

    /** Converts {@code x}, of any shape; gradients flow through. */
    public static NDArray cast(NDArray x, Precision precision) {
        return SCRIPT.call("cast", x, precision.scalarType());
    }

    /** Zeroes each element with probability {@code p} in [0, 1) and scales the rest by 1/(1-p). */
    public static NDArray dropout(NDArray x, double p) {
        return p == 0 ? x : SCRIPT.call("dropout", x, p);
    }

    /** Computes {@code x + y} in the type of {@code x}. */
    public static NDArray add(NDArray x, NDArray y) {
        return SCRIPT.call("add", x, y);
    }

    /** Computes {@code scale · x + y} in the type of {@code x}. */
    public static NDArray addScaled(NDArray x, double scale, NDArray y) {
        return SCRIPT.call("add_scaled", x, scale, y);
    }

    /** Computes {@code x + share · (y - x)} in the type of {@code x}; share has one element. */
    public static NDArray mix(NDArray x, NDArray y, NDArray share) {
        return SCRIPT.call("mix", x, y, share);
    }
}
