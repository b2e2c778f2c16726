package org.jzoo.blocks.kernel;

import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;

class NormKernelTest {

    @Test
    void layerNormOfOneThreeByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 3}, new Shape(1, 2));
            NDArray weight = manager.create(new float[] {10, 100});
            NDArray bias = manager.create(new float[] {1, 2});
            // Mean 2, variance 1; epsilon 3 makes the root 2.
            assertClose(
                    new double[] {-5 + 1, 50 + 2}, NormKernel.layerNorm(x, weight, bias, 3), 1e-6);
            assertClose(new double[] {-5, 50}, NormKernel.layerNorm(x, weight, null, 3), 1e-6);
        }
    }

    @Test
    void layerNormOfAScaledSumByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {0, 3}, new Shape(1, 2));
            NDArray y = manager.create(new float[] {1, -3}, new Shape(1, 2));
            NDArray weight = manager.create(new float[] {10, 100});
            // 2x + y is (1, 3): as above. With every element of y dropped it is (0, 6), mean 3.
            assertClose(
                    new double[] {-5, 50},
                    NormKernel.layerNormOfSum(x, 2, y, 0, weight, null, 3),
                    1e-6);
            assertClose(
                    new double[] {-7.5, 75},
                    NormKernel.layerNormOfSum(x, 2, y, 0.999999, weight, null, 7),
                    1e-4);
        }
    }

    @Test
    void rmsNormOfOneSevenByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 7}, new Shape(1, 2));
            NDArray weight = manager.create(new float[] {10, 100});
            // Mean square 25, epsilon 11: root 6.
            assertClose(
                    new double[] {10 / 6.0, 700 / 6.0}, NormKernel.rmsNorm(x, weight, 11), 1e-4);
        }
    }

    @Test
    void unitLengthByHandAndNoDivisionByZero() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {3, 4, 0, 0}, new Shape(2, 2));
            assertClose(new double[] {0.6, 0.8, 0, 0}, NormKernel.l2Normalize(x, 1e-12), 1e-6);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.random(manager, 1, 3, 7);
            NDArray weight = Run.random(manager, 2, 7);
            NDArray bias = Run.random(manager, 3, 7);
            assertGradients(
                    in -> NormKernel.layerNorm(in.get(0), in.get(1), in.get(2), 0.1),
                    2e-3,
                    x,
                    weight,
                    bias);
            assertGradients(in -> NormKernel.rmsNorm(in.get(0), in.get(1), 0.1), 2e-3, x, weight);
            assertGradients(
                    in -> NormKernel.l2Normalize(in.get(0), 1e-6),
                    1e-6,
                    Run.randomWide(manager, 4, 3, 7));
        }
    }
}
