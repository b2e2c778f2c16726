package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;

class LossKernelTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray row(double... values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return manager.create(narrow, new Shape(1, values.length));
    }

    @Test
    void crossEntropyByHand() {
        NDArray logits = row(0, Math.log(3)); // probabilities 1/4, 3/4
        NDArray labels = manager.create(new long[] {0});
        assertClose(
                new double[] {Math.log(4)}, LossKernel.crossEntropy(logits, labels, null, 0), 1e-6);
        // Half of the target spread over both classes: 3/4 log 4 + 1/4 log 4/3.
        assertClose(
                new double[] {0.75 * Math.log(4) + 0.25 * Math.log(4 / 3.0)},
                LossKernel.crossEntropy(logits, labels, null, 0.5),
                1e-6);
    }

    @Test
    void ignoredRowsCountForNothing() {
        NDArray logits = Run.random(manager, 1, 3, 5, 4);
        long[] kept = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2};
        for (int i = 5; i < 15; i++) {
            kept[i] = LossKernel.IGNORE;
        }
        NDArray labels = manager.create(kept, new Shape(3, 5));
        NDArray first = manager.create(new long[] {0, 1, 2, 3, 0}, new Shape(1, 5));
        assertClose(
                LossKernel.crossEntropy(logits.get("0:1"), first, null, 0),
                LossKernel.crossEntropy(logits, labels, null, 0),
                1e-6);
    }

    @Test
    void classWeightsWeighTheMean() {
        NDArray logits = row(0, 0).concat(row(0, Math.log(3)));
        NDArray labels = manager.create(new long[] {0, 1});
        NDArray weight = manager.create(new float[] {1, 3});
        assertClose(
                new double[] {(Math.log(2) + 3 * Math.log(4 / 3.0)) / 4},
                LossKernel.crossEntropy(logits, labels, weight, 0),
                1e-6);
    }

    @Test
    void squaredErrorAndBinaryCrossEntropyByHand() {
        assertClose(
                new double[] {(1 + 9) / 2.0},
                LossKernel.meanSquaredError(row(1, 2), row(0, 5)),
                1e-6);
        assertClose(
                new double[] {(Math.log(2) + Math.log(4)) / 2},
                LossKernel.binaryCrossEntropy(row(0, Math.log(3)), row(1, 0)),
                1e-6);
    }

    @Test
    void distillationIsTheScaledDivergence() {
        // At temperature 2 the teacher is (1/4, 3/4), the student uniform.
        NDArray teacher = row(0, 2 * Math.log(3));
        double divergence = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
        assertClose(
                new double[] {4 * divergence},
                LossKernel.distillation(row(1, 1), teacher, 2),
                1e-6);
        assertTrue(Math.abs(LossKernel.distillation(teacher, teacher, 2).getFloat()) < 1e-6);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray logits = Run.random(manager, 1, 3, 5);
        NDArray other = Run.random(manager, 2, 3, 5);
        NDArray labels = manager.create(new long[] {4, LossKernel.IGNORE, 2});
        NDArray weight = manager.create(new float[] {1, 2, 3, 4, 5});
        NDArray targets = manager.create(new float[15], new Shape(3, 5)).add(other.abs());
        assertGradients(
                in -> LossKernel.crossEntropy(in.get(0), labels, weight, 0.1), 2e-3, logits);
        assertGradients(
                in -> LossKernel.meanSquaredError(in.get(0), in.get(1)), 2e-3, logits, other);
        assertGradients(in -> LossKernel.binaryCrossEntropy(in.get(0), targets), 2e-3, logits);
        assertGradients(
                in -> LossKernel.distillation(in.get(0), in.get(1), 1.5), 2e-3, logits, other);
        assertGradients(in -> LossKernel.scale(in.get(0), 0.37), 2e-3, logits);
    }
}
