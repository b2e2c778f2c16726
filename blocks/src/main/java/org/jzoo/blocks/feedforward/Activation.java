package org.jzoo.blocks.feedforward;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.kernel.ActivationKernel;

/** The element-wise non-linearities. */
public enum Activation {
    /** {@code x · Φ(x)}. */
    GELU(ActivationKernel::gelu),
    /** The tanh approximation of GELU. */
    GELU_TANH(ActivationKernel::geluTanh),
    /** {@code x · sigmoid(1.702 x)}. */
    QUICK_GELU(ActivationKernel::quickGelu),
    /** {@code max(x, 0)}. */
    RELU(ActivationKernel::relu),
    /** {@code x · sigmoid(x)}; in a gated feed-forward this makes SwiGLU. */
    SILU(ActivationKernel::silu),
    /** {@code tanh(x)}. */
    TANH(ActivationKernel::tanh);

    private final UnaryOperator<NDArray> function;

    Activation(UnaryOperator<NDArray> function) {
        this.function = function;
    }

    /** Applies the function to every element. */
    public NDArray apply(NDArray x) {
        return function.apply(x);
    }
}
