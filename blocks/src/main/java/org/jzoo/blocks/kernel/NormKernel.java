package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Normalisations over the last axis, computed and returned in float32. */
public final class NormKernel {

    private static final Script SCRIPT = Script.load("norm.py");

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
