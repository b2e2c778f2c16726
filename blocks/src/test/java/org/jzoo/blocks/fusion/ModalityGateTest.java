package org.jzoo.blocks.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;

class ModalityGateTest {

    private static final int B = 3;
    private static final int T = 5;
    private static final int N = 4;
    private static final int DIM = 6;

    private static NDList run(
            ModalityGate gate, NDList inputs, boolean training, ForwardContext context) {
        ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
        return gate.forward(store, inputs, training, context.asParams());
    }

    /** Example 0 has both, 1 no text, 2 no image. */
    private static NDList inputs(NDManager manager) {
        boolean[] present = {true, true, false, true, true, false};
        return new NDList(
                Run.random(manager, 1, B, T, DIM),
                Run.random(manager, 2, B, N, DIM),
                Run.randomMask(manager, 3, 0.7, B, T),
                Run.randomMask(manager, 4, 0.7, B, N),
                manager.create(present, new Shape(B, 2)));
    }

    @Test
    void twoVectorsByHand() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            ModalityGate gate = Run.initialized(new GateOption(false, 0).create(1), manager, 1);
            // The scores are the text's mean and twice the image's.
            Run.set(ParameterPaths.of(gate).get("score.weight").getArray(), 1, 0, 0, 2);
            Run.set(ParameterPaths.of(gate).get("score.bias").getArray(), 0, 0);
            NDArray text = manager.create(new float[] {1, 3, 100}, new Shape(1, 3, 1));
            NDArray image = manager.create(new float[] {0.5f, 0.5f}, new Shape(1, 2, 1));
            NDArray textMask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
            NDArray all = manager.create(new boolean[] {true, true}, new Shape(1, 2));
            NDList outputs =
                    run(
                            gate,
                            new NDList(text, image, textMask, all, all),
                            false,
                            new ForwardContext());
            double share = 1 / (1 + Math.exp(1.0 - 2.0)); // of score 2 beside score 1
            assertClose(new double[] {share, 1 - share}, outputs.get(1), 1e-6);
            assertClose(new double[] {share * 2 + (1 - share) * 0.5}, outputs.get(0), 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutMasksAllOfItIsThere(boolean perToken) {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            ModalityGate gate =
                    Run.initialized(new GateOption(perToken, 0.5).create(DIM), manager, 1);
            NDList inputs = inputs(manager);
            inputs.set(2, manager.ones(new Shape(B, T), DataType.BOOLEAN));
            inputs.set(3, manager.ones(new Shape(B, N), DataType.BOOLEAN));
            inputs.set(4, manager.ones(new Shape(B, 2), DataType.BOOLEAN));
            for (boolean training : new boolean[] {false, true}) {
                ForwardContext one = new ForwardContext();
                ForwardContext other = new ForwardContext();
                NDList masked = run(gate, inputs, training, one);
                NDList plain = run(gate, inputs.subNDList(0, 2), training, other);
                assertClose(masked.get(0), plain.get(0), 1e-6);
                assertClose(masked.get(1), plain.get(1), 1e-6);
                assertEquals(one.losses().keySet(), other.losses().keySet());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMissingModalityWeighsExactlyNothing(boolean perToken) {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            ModalityGate gate =
                    Run.initialized(new GateOption(perToken, 1).create(DIM), manager, 1);
            ForwardContext context = new ForwardContext().withCapture(ModalityGate.WEIGHTS);
            NDList outputs = run(gate, inputs(manager), false, context);
            float[] weights = outputs.get(1).toFloatArray();
            assertTrue(weights[0] > 0 && weights[1] > 0);
            assertEquals(1, weights[0] + weights[1], 1e-6);
            assertEquals(0, weights[2]);
            assertEquals(1, weights[3], 1e-6);
            assertEquals(1, weights[4], 1e-6);
            assertEquals(0, weights[5]);
            assertSame(outputs.get(1), context.captured().get("gate"));
            assertTrue(context.losses().isEmpty());
        }
    }

    @Test
    void tokenWeightsAddUpToTheExamplesAndSkipPadding() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            ModalityGate gate = Run.initialized(new GateOption(true, 0).create(DIM), manager, 1);
            ForwardContext context = new ForwardContext().withCapture(ModalityGate.TOKEN_WEIGHTS);
            NDList inputs = inputs(manager);
            NDList outputs = run(gate, inputs, false, context);
            NDArray tokens = context.captured().get("tokenGate"); // (B, T + N)
            assertEquals(new Shape(B, T + N), tokens.getShape());
            NDArray mask = FusionKernel.tokenMask(inputs.get(2), inputs.get(3), inputs.get(4));
            assertEquals(
                    0,
                    tokens.mul(mask.logicalNot().toType(tokens.getDataType(), true))
                            .sum()
                            .getFloat());
            assertClose(outputs.get(1), FusionKernel.shares(tokens, T), 0);
        }
    }

    @Test
    void theBalanceLossIsTheDivergenceOfTheMeanWeightsFromHalves() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            NDArray weights =
                    manager.create(new float[] {0.9f, 0.1f, 0.5f, 0.5f, 1, 0}, new Shape(3, 2));
            NDArray present =
                    manager.create(new boolean[] {true, true, true, true, true, false})
                            .reshape(3, 2);
            double expected = 0.3 * (0.7 * Math.log(1.4) + 0.3 * Math.log(0.6));
            assertClose(
                    new double[] {expected}, FusionKernel.imbalance(weights, present, 0.3), 1e-6);
            NDArray nobody = manager.create(new boolean[6]).reshape(3, 2);
            assertClose(new double[] {0}, FusionKernel.imbalance(weights, nobody, 0.3), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainingAddsTheBalanceLossWithFiniteGradients(boolean perToken) {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            ModalityGate gate =
                    Run.initialized(new GateOption(perToken, 1).create(DIM), manager, 1);
            ForwardContext context = new ForwardContext();
            run(gate, inputs(manager), true, context);
            NDArray loss = context.losses().get("gateBalance");
            assertTrue(loss.getFloat() > 0);
            GradientMode.backward(loss);
            Run.gradients(gate)
                    .forEach(
                            (path, gradient) -> {
                                assertNotNull(gradient, path);
                                assertTrue(Double.isFinite(Run.largest(gradient)), path);
                            });
        }
    }

    @Test
    void modalityDropoutLeavesOneOfBothAndNeverNone() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            PyTorch.seed(5);
            NDArray all = manager.ones(new Shape(4000, 2)).toType(DataType.BOOLEAN, true);
            boolean[] kept = FusionKernel.dropModality(all, 0.3).toBooleanArray();
            int noText = 0;
            int noImage = 0;
            for (int b = 0; b < 4000; b++) {
                assertTrue(kept[2 * b] || kept[2 * b + 1]);
                noText += kept[2 * b] ? 0 : 1;
                noImage += kept[2 * b + 1] ? 0 : 1;
            }
            assertEquals(600, noText, 90);
            assertEquals(600, noImage, 90);
            NDArray lone = manager.create(new boolean[] {true, false}).reshape(1, 2);
            for (int i = 0; i < 50; i++) {
                assertSame(
                        lone.toType(DataType.INT32, true),
                        FusionKernel.dropModality(lone, 0.9).toType(DataType.INT32, true));
            }
        }
    }

    @Test
    void rejectsANegativeBalance() {
        assertEquals(
                "balance must be >= 0, got balance=-1.0",
                assertThrows(IllegalArgumentException.class, () -> new GateOption(true, -1))
                        .getMessage());
    }
}
