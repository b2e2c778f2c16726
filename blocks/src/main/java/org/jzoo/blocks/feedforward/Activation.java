package org.jzoo.blocks.feedforward;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.ActivationKernel;

/** The element-wise non-linearities. */
public enum Activation {
    /** {@code x · Φ(x)}. */
    GELU,
    /** The tanh approximation of GELU. */
    GELU_TANH,
    /** {@code x · sigmoid(1.702 x)}. */
    QUICK_GELU,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code x · sigmoid(x)}; in a gated feed-forward this makes SwiGLU. */
    SILU,
    /** {@code tanh(x)}. */
    TANH;

    /** Applies the function to every element. */
    public NDArray apply(NDArray x) {
        return switch (this) {
            case GELU -> ActivationKernel.gelu(x);
            case GELU_TANH -> ActivationKernel.geluTanh(x);
            case QUICK_GELU -> ActivationKernel.quickGelu(x);
            case RELU -> ActivationKernel.relu(x);
            case SILU -> ActivationKernel.silu(x);
            case TANH -> ActivationKernel.tanh(x);
        };
    }

    /** How {@code FeedForwardKernel} calls the function. */
    int code() {
        return switch (this) {
            case GELU -> 0;
            case GELU_TANH -> 1;
            case QUICK_GELU -> 2;
            case RELU -> 3;
            case SILU -> 4;
            case TANH -> 5;
        };
    }
}
