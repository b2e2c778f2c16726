package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Weights on a grid of few numbers: {@code (code - zero) · scale} with codes 0 … high.
 *
 * <p>A weight (Out, In) falls into groups of {@code size} neighbours in row-major order, each with
 * its scale and zero: size In for one scale a row, Out·In for one in all.
 */
public final class QuantizationKernel {

    private static final Script SCRIPT =
            Script.load(List.of("packing.py", "quantize.py"), Map.of());

    private QuantizationKernel() {}

    /**
     * Computes the grids that just hold the weights.
     *
     * @param weight (Out, In)
     * @param size weights of a group, a divisor of In, or Out·In
     * @param high the largest code, 2^bits - 1
     * @param symmetric whether the zero is in the middle, {@code (high + 1) / 2}, and the largest
     *     magnitude has the code {@code high}; else the codes span the smallest weight to the
     *     largest, and 0
     * @return scales and zeros, (groups) float32 each
     */
    public static NDArray[] ranges(NDArray weight, long size, int high, boolean symmetric) {
        return SCRIPT.callList("ranges", weight, size, high, symmetric);
    }

    /**
     * Rounds weights to their grids. The gradient passes where the rounded code is in 0 … high and
     * is 0 elsewhere; scales and zeros get none.
     *
     * @param weight (Out, In)
     * @param scale (groups), positive
     * @param zero (groups), whole numbers in 0 … high
     * @param size weights of a group
     * @param high the largest code
     * @return (Out, In)
     * @see <a href="https://arxiv.org/abs/1308.3432">Bengio et al. 2013</a>, straight-through
     */
    public static NDArray fake(NDArray weight, NDArray scale, NDArray zero, long size, int high) {
        return SCRIPT.call("fake", weight, scale, zero, size, high);
    }

    /**
     * Rounds weights to symmetric grids whose scales learn: {@code round(clamp(w/s, -(high+1)/2,
     * (high-1)/2)) · s}. A weight's gradient passes inside the clamp; a scale's is {@code factor}
     * times the sum over its group of {@code round(w/s) - w/s} inside and the bound outside.
     *
     * @param weight (Out, In)
     * @param scale (groups), positive
     * @param size weights of a group
     * @param high the largest code
     * @param factor of the scales' gradients
     * @return (Out, In)
     * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al. 2020, Learned Step Size
     *     Quantization</a>, equations 2 and 3
     */
    public static NDArray learned(
            NDArray weight, NDArray scale, long size, int high, double factor) {
        return SCRIPT.call("learned", weight, scale, size, high, factor);
    }

    /**
     * Computes {@code x · fake(weight)ᵀ + bias} with the {@link #ranges} of the weight.
     *
     * @param x (..., In)
     * @param weight (Out, In)
     * @param bias (Out), or null for none
     * @return (..., Out) in the precision
     */
    public static NDArray fakeLinear(
            NDArray x,
            NDArray weight,
            NDArray bias,
            long size,
            int high,
            boolean symmetric,
            Precision precision) {
        return SCRIPT.call(
                "fake_linear", x, weight, bias, size, high, symmetric, precision.scalarType());
    }

    /**
     * Computes {@code x · learned(weight, scale)ᵀ + bias}.
     *
     * @param x (..., In)
     * @param weight (Out, In)
     * @param bias (Out), or null for none
     * @return (..., Out) in the precision
     */
    public static NDArray learnedLinear(
            NDArray x,
            NDArray weight,
            NDArray bias,
            NDArray scale,
            long size,
            int high,
            double factor,
            Precision precision) {
        return SCRIPT.call(
                "learned_linear",
                x,
                weight,
                bias,
                scale,
                size,
                high,
                factor,
                precision.scalarType());
    }

    /** Computes the scales that {@link #learned} uses: those below 1e-10 become that. */
    public static NDArray positive(NDArray scale) {
        return SCRIPT.call("positive", scale);
    }

    /** Computes the nearest codes, (Out, In) uint8; parameters as in {@link #fake}. */
    public static NDArray encode(NDArray weight, NDArray scale, NDArray zero, long size, int high) {
        return SCRIPT.call("encode", weight, scale, zero, size, high);
    }

    /** Computes what codes (Out, In) uint8 stand for, (Out, In) float32. */
    public static NDArray decode(NDArray codes, NDArray scale, NDArray zero, long size) {
        return SCRIPT.call("decode", codes, scale, zero, size);
    }
}
