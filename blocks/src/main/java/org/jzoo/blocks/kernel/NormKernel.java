package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/** Normalisations over the last axis, computed and returned in float32. */
public final class NormKernel {

    private static final Script SCRIPT = Script.load(List.of("dropout.py", "norm.py"), Map.of());

    private NormKernel() {}

    /**
     * Computes {@code (x - mean) / √(variance + epsilon) · weight + bias}.
     *
     * @param x (..., D)
     * @param weight (D)
     * @param bias (D), or null for none
     * @param epsilon added to the variance, positive
     * @return (..., D), float32
     * @see <a href="https://arxiv.org/abs/1607.06450">Ba et al. 2016, Layer Normalization</a>
     */
    public static NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon) {
        return SCRIPT.call("layer_norm", x, weight, bias, epsilon);
    }

    /**
     * Computes the layer norm of {@code x · scale + dropout(y)} in one call.
     *
     * @param x (..., D)
     * @param scale factor of x
     * @param y (..., D)
     * @param dropout share of y that is zeroed, in [0, 1)
     * @param weight (D)
     * @param bias (D), or null for none
     * @param epsilon added to the variance, positive
     * @return (..., D), float32
     */
    public static NDArray layerNormOfSum(
            NDArray x,
            double scale,
            NDArray y,
            double dropout,
            NDArray weight,
            NDArray bias,
            double epsilon) {
        return SCRIPT.call("layer_norm_of_sum", x, scale, y, dropout, weight, bias, epsilon);
    }

    /**
     * Computes {@code x / √(mean(x²) + epsilon) · weight}.
     *
     * @param x (..., D)
     * @param weight (D)
     * @param epsilon added to the mean square, positive
     * @return (..., D), float32
     * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019, RMSNorm</a>
     */
    public static NDArray rmsNorm(NDArray x, NDArray weight, double epsilon) {
        return SCRIPT.call("rms_norm", x, weight, epsilon);
    }

    /** Computes {@code x / max(‖x‖₂, epsilon)} over the last axis. */
    public static NDArray l2Normalize(NDArray x, double epsilon) {
        return SCRIPT.call("l2_normalize", x, epsilon);
    }
}
