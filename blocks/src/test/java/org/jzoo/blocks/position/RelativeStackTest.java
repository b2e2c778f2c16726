package org.jzoo.blocks.position;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/** Relative positions in a stack: one table for all layers. */
class RelativeStackTest {

    private static final int DIM = 12;

    private static Transformer stack(boolean causal, int heads) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(3, DIM).optCausal(causal).build(),
                        new DenseFeedForwardOption(20, Activation.RELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        return new Transformer(
                TransformerConfig.uniform(DIM, 2, layer, null)
                        .withScorePosition(new RelativePositionOption(heads, 8, 16, !causal)));
    }

    @Nested
    class Contract extends PartContract {
        @Override
        protected Part create() {
            return stack(false, 3);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 9, DIM);
        }
    }

    @Test
    void fusedShownOrCheckpointedTheTableGetsTheSameGradient() {
        for (boolean causal : new boolean[] {true, false}) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode on = GradientMode.on()) {
                NDArray[] gradients = new NDArray[3];
                for (int i = 0; i < 3; i++) {
                    Transformer stack = Run.initialized(stack(causal, 3), manager, 2);
                    ForwardContext context = new ForwardContext();
                    Checkpoints checkpoints = new Checkpoints(1, context);
                    if (i == 1) {
                        context.withCapture(SelfAttention.WEIGHTS);
                    } else if (i == 2) {
                        context.withCheckpoints(checkpoints);
                    }
                    NDArray y =
                            Run.forward(stack, Run.random(manager, 3, 2, 9, DIM), true, context);
                    GradientMode.backward(y, Run.random(manager, 4, 2, 9, DIM));
                    checkpoints.backward();
                    gradients[i] =
                            ParameterPaths.of(stack)
                                    .get("scorePosition.weight")
                                    .getArray()
                                    .getGradient();
                }
                assertRelativelyClose(gradients[1], gradients[0], 1e-5);
                assertRelativelyClose(gradients[1], gradients[2], 1e-5);
            }
        }
    }

    @Test
    void theTablesGradientAgreesWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer stack = Run.initialized(stack(true, 3), manager, 2);
            NDArray table = ParameterPaths.of(stack).get("scorePosition.weight").getArray();
            NDArray x = Run.random(manager, 3, 2, 9, DIM);
            NDArray cotangent = Run.random(manager, 4, 2, 9, DIM);
            try (GradientMode on = GradientMode.on()) {
                GradientMode.backward(Run.forward(stack, x, true, new ForwardContext()), cotangent);
            }
            float[] gradient = table.getGradient().toFloatArray();
            float[] values = table.toFloatArray();
            double[] differences = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                differences[i] =
                        (at(stack, table, values, i, 1e-2f, x, cotangent)
                                        - at(stack, table, values, i, -1e-2f, x, cotangent))
                                / 2e-2;
            }
            assertClose(differences, manager.create(gradient), 5e-3);
        }
    }

    private static double at(
            Part stack, NDArray table, float[] values, int i, float step, NDArray x, NDArray c) {
        double[] moved = new double[values.length];
        for (int j = 0; j < moved.length; j++) {
            moved[j] = values[j] + (i == j ? step : 0);
        }
        Run.set(table, moved);
        try (GradientMode off = GradientMode.off()) {
            float[] y = Run.infer(stack, x, new ForwardContext()).toFloatArray();
            float[] weights = c.toFloatArray();
            double sum = 0;
            for (int j = 0; j < y.length; j++) {
                sum += (double) y[j] * weights[j];
            }
            return sum;
        }
    }

    @Test
    void headsMustBeThoseOfTheAttention() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer stack = Run.initialized(stack(true, 2), manager, 2);
            NDArray x = Run.random(manager, 3, 2, 9, DIM);
            assertEquals(
                    "scorePosition must have the attention's heads, got 2, numHeads=3",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Run.infer(stack, x, new ForwardContext()))
                            .getMessage());
        }
    }
}
