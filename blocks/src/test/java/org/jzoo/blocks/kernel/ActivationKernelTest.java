package org.jzoo.blocks.kernel;

import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;

class ActivationKernelTest {

    private static final Map<String, UnaryOperator<NDArray>> FUNCTIONS =
            Map.of(
                    "gelu", ActivationKernel::gelu,
                    "geluTanh", ActivationKernel::geluTanh,
                    "quickGelu", ActivationKernel::quickGelu,
                    "relu", ActivationKernel::relu,
                    "silu", ActivationKernel::silu,
                    "tanh", ActivationKernel::tanh);

    @Test
    void valuesAtMinusOneZeroAndTwo() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new double[] {-1, 0, 2});
            // x · Φ(x), with Φ(1) = 0.8413447461, Φ(2) = 0.9772498681.
            assertClose(
                    new double[] {-0.1586552539, 0, 1.9544997361}, ActivationKernel.gelu(x), 1e-9);
            double inner = Math.sqrt(2 / Math.PI) * (2 + 0.044715 * 8);
            double innerBelow = Math.sqrt(2 / Math.PI) * (-1 - 0.044715);
            assertClose(
                    new double[] {-0.5 * (1 + Math.tanh(innerBelow)), 0, 1 + Math.tanh(inner)},
                    ActivationKernel.geluTanh(x),
                    1e-9);
            assertClose(
                    new double[] {-1 / (1 + Math.exp(1.702)), 0, 2 / (1 + Math.exp(-3.404))},
                    ActivationKernel.quickGelu(x),
                    1e-9);
            assertClose(new double[] {0, 0, 2}, ActivationKernel.relu(x), 0);
            assertClose(
                    new double[] {-1 / (1 + Math.E), 0, 2 / (1 + Math.exp(-2))},
                    ActivationKernel.silu(x),
                    1e-9);
            assertClose(
                    new double[] {Math.tanh(-1), 0, Math.tanh(2)}, ActivationKernel.tanh(x), 1e-9);
            assertClose(new double[] {1, 0, 4}, ActivationKernel.multiply(x, x), 0);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.randomWide(manager, 1, 3, 5);
            NDArray y = Run.randomWide(manager, 2, 3, 5);
            FUNCTIONS.forEach((name, f) -> assertGradients(in -> f.apply(in.head()), 1e-7, x));
            assertGradients(in -> ActivationKernel.multiply(in.get(0), in.get(1)), 1e-7, x, y);
        }
    }
}
