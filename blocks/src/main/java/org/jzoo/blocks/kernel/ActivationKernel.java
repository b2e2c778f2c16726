package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Element-wise functions, any shape, in the type of their input. */
public final class ActivationKernel {

    private static final Script SCRIPT = Script.load("activation.py");

    private ActivationKernel() {}

    /** Computes {@code x · Φ(x)} with the exact normal distribution function. */
    public static NDArray gelu(NDArray x) {
        return SCRIPT.call("gelu", x);
    }

    /** Computes the tanh approximation of {@link #gelu}, as GPT-2 uses it. */
    public static NDArray geluTanh(NDArray x) {
        return SCRIPT.call("gelu_tanh", x);
    }

    /** Computes {@code x · sigmoid(1.702 x)}, as CLIP uses it. */
    public static NDArray quickGelu(NDArray x) {
        return SCRIPT.call("quick_gelu", x);
    }

    /** Computes {@code max(x, 0)}. */
    public static NDArray relu(NDArray x) {
        return SCRIPT.call("relu", x);
    }

    /** Computes {@code x · sigmoid(x)}. */
    public static NDArray silu(NDArray x) {
        return SCRIPT.call("silu", x);
    }

    /** Computes {@code tanh(x)}. */
    public static NDArray tanh(NDArray x) {
        return SCRIPT.call("tanh", x);
    }

    /** Computes {@code x · y}, element by element. */
    public static NDArray multiply(NDArray x, NDArray y) {
        return SCRIPT.call("multiply", x, y);
    }
}
