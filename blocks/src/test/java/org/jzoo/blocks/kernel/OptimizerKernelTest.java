package org.jzoo.blocks.kernel;

import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptimizerKernelTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Two parameters with gradients (3) and (4), and one without. */
    private NDArray[] parameters() {
        NDArray[] all = {
            manager.create(new float[] {1}),
            manager.create(new float[] {2}),
            manager.create(new float[] {5})
        };
        for (NDArray parameter : all) {
            parameter.setRequiresGradient(true);
        }
        try (GradientMode on = GradientMode.on()) {
            GradientMode.backward(LossKernel.scale(all[0], 3));
            GradientMode.backward(LossKernel.scale(all[1], 4));
        }
        return all;
    }

    @Test
    void theNormIsGlobalAndSkipsWhatHasNoGradient() {
        try (GradientMode off = GradientMode.off()) {
            assertClose(new double[] {5}, OptimizerKernel.gradientNorm(parameters()), 1e-6);
            NDArray[] none = {manager.create(new float[] {1})};
            assertClose(new double[] {0}, OptimizerKernel.gradientNorm(none), 0);
        }
    }

    @Test
    void clippingScalesAllGradientsAndNeverUp() {
        NDArray[] parameters = parameters();
        try (GradientMode off = GradientMode.off()) {
            assertClose(new double[] {5}, OptimizerKernel.clipGradients(parameters, 10), 1e-6);
            assertClose(new double[] {3}, parameters[0].getGradient(), 0);
            assertClose(new double[] {5}, OptimizerKernel.clipGradients(parameters, 1), 1e-6);
            assertClose(new double[] {0.6}, parameters[0].getGradient(), 1e-6);
            assertClose(new double[] {0.8}, parameters[1].getGradient(), 1e-6);
            OptimizerKernel.zeroGradients(parameters);
            assertClose(new double[] {0}, parameters[0].getGradient(), 0);
        }
    }

    @Test
    void adamWFollowsAlgorithmTwo() {
        adamWFollowsAlgorithmTwo(Arrays.copyOf(parameters(), 2));
    }

    @Test
    void adamWLeavesAloneWhatHasNoGradient() {
        adamWFollowsAlgorithmTwo(parameters());
    }

    private void adamWFollowsAlgorithmTwo(NDArray[] parameters) {
        NDArray[] first = zeros(parameters.length, new Shape(1));
        NDArray[] second = zeros(parameters.length, new Shape(1));
        NDArray[] steps = zeros(parameters.length, new Shape());
        double rate = 0.1;
        double decay = 0.01;
        double[] p = {1, 2, 5};
        double[] g = {3, 4, 0};
        double[] m = new double[3];
        double[] v = new double[3];
        for (int t = 1; t <= 3; t++) {
            try (GradientMode off = GradientMode.off()) {
                OptimizerKernel.adamW(
                        parameters,
                        first,
                        second,
                        steps,
                        new OptimizerKernel.AdamW(rate, 0.9, 0.99, decay, 1e-8));
            }
            for (int i = 0; i < 2; i++) {
                p[i] *= 1 - rate * decay;
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
                double mean = m[i] / (1 - Math.pow(0.9, t));
                double deviation = Math.sqrt(v[i] / (1 - Math.pow(0.99, t)));
                p[i] -= rate * mean / (deviation + 1e-8);
            }
        }
        for (int i = 0; i < parameters.length; i++) {
            assertClose(new double[] {p[i]}, parameters[i], 1e-5);
            assertClose(new double[] {i == 2 ? 0 : 3}, steps[i], 0);
        }
    }

    private NDArray[] zeros(int count, Shape shape) {
        NDArray[] arrays = new NDArray[count];
        for (int i = 0; i < count; i++) {
            arrays[i] = manager.zeros(shape);
        }
        return arrays;
    }
}
