package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/** Feed-forward networks in one call. */
public final class FeedForwardKernel {

    private static final Script SCRIPT =
            Script.load(
                    List.of("dropout.py", "activation.py", "linear.py", "feedforward.py"),
                    Map.of());

    private FeedForwardKernel() {}

    /**
     * An affine map.
     *
     * @param weight (Out, In)
     * @param bias (Out), or null for none
     */
    public record Affine(NDArray weight, NDArray bias) {}

    /**
     * Computes {@code down(dropout(activation(up(x))))}.
     *
     * @param x (..., D)
     * @param up to (..., F)
     * @param activation 0 for GELU, 1 for its tanh approximation, 2 for quick GELU, 3 for ReLU, 4
     *     for SiLU, 5 for tanh
     * @param dropout share of the inner activations that are zeroed, in [0, 1)
     * @param down to (..., D)
     * @param precision the type of the products and of the result
     * @return (..., D)
     */
    public static NDArray dense(
            NDArray x,
            Affine up,
            int activation,
            double dropout,
            Affine down,
            Precision precision) {
        return SCRIPT.call(
                "dense",
                x,
                up.weight(),
                up.bias(),
                down.weight(),
                down.bias(),
                activation,
                dropout,
                precision.scalarType());
    }
}
