package org.jzoo.blocks.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

class StackStartTest {

    private static final int DIM = 48;
    private static final int WIDTH = 80;
    private static final int LAYERS = 2;

    private static TransformerConfig config(NormPlacement placement, int dim, int layers) {
        return TransformerConfig.uniform(
                dim,
                layers,
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(4, dim).build(),
                        new DenseFeedForwardOption(
                                dim == DIM ? WIDTH : 20, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        placement,
                        0),
                null);
    }

    @Nested
    class DeepNorm extends PartContract {
        @Override
        protected Part create() {
            return new Transformer(config(NormPlacement.DEEP, 12, 3));
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, 12);
        }
    }

    @Test
    void deviationsAreThoseOfThePapers() {
        double beta = Math.pow(8 * LAYERS, -0.25);
        Map<StackStart, double[]> expected = // query, output, up, down
                Map.of(
                        StackStart.GPT2,
                        new double[] {0.02, 0.01, 0.02, 0.01},
                        StackStart.SMALL,
                        new double[] {0.0913, 0.0913, 0.0913, 0.0913},
                        StackStart.FAN_IN,
                        new double[] {0.1443, 0.1443, 0.1443, 0.1118},
                        StackStart.DEEP_NORM,
                        new double[] {0.1443, 0.1443 * beta, 0.125 * beta, 0.125 * beta});
        String[] names = {
            "mixer.query.weight",
            "mixer.output.weight",
            "feedForward.up.weight",
            "feedForward.down.weight"
        };
        expected.forEach(
                (start, deviations) -> {
                    try (NDManager manager = PyTorch.newBaseManager()) {
                        TransformerConfig config = config(NormPlacement.PRE, DIM, LAYERS);
                        Transformer stack = new Transformer(config);
                        stack.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
                        PyTorch.seed(3);
                        start.apply(stack, config);
                        for (int i = 0; i < names.length; i++) {
                            double[] values = Close.values(array(stack, "layers.1." + names[i]));
                            double squares = 0;
                            for (double v : values) {
                                squares += v * v;
                            }
                            assertEquals(
                                    deviations[i],
                                    Math.sqrt(squares / values.length),
                                    0.06 * deviations[i],
                                    start + " " + names[i]);
                        }
                        double[] zeros = new double[DIM];
                        assertClose(zeros, array(stack, "layers.0.mixer.query.bias"), 0);
                    }
                });
    }

    private static NDArray array(Part part, String path) {
        return ParameterPaths.of(part).get(path).getArray();
    }

    @Test
    void theSameSeedStartsAlikeAndWeightsStillLearn() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            TransformerConfig config = config(NormPlacement.DEEP, DIM, LAYERS);
            Transformer[] stacks = {new Transformer(config), new Transformer(config)};
            for (Transformer stack : stacks) {
                PyTorch.seed(5);
                stack.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
                StackStart.DEEP_NORM.apply(stack, config);
            }
            assertSame(
                    array(stacks[0], "layers.1.mixer.value.weight"),
                    array(stacks[1], "layers.1.mixer.value.weight"));
            try (GradientMode on = GradientMode.on()) {
                NDArray x = Run.random(manager, 1, 2, 5, DIM);
                NDArray y = Run.forward(stacks[0], x, true, new ForwardContext());
                GradientMode.backward(y, Run.random(manager, 2, 2, 5, DIM));
            }
            Run.gradients(stacks[0])
                    .forEach((path, gradient) -> assertTrue(gradient != null, path));
        }
    }

    @Test
    void deepNormScalesTheResidualByTheDepth() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            // With all maps zero a layer is norm(α norm(α x)), α = (2 · 3)^¼: only ε tells α.
            double epsilon = 0.5;
            TransformerConfig config =
                    TransformerConfig.uniform(
                            4,
                            3,
                            new LayerConfig(
                                    SelfAttentionOption.builder().setHeads(1, 4).build(),
                                    new DenseFeedForwardOption(4, Activation.RELU, true, 0),
                                    new LayerNormOption(epsilon),
                                    NormPlacement.DEEP,
                                    0),
                            null);
            Transformer stack = new Transformer(config);
            stack.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 4));
            ParameterPaths.of(stack)
                    .forEach(
                            (path, parameter) -> {
                                if (!path.contains("Norm")) {
                                    Run.set(
                                            parameter.getArray(),
                                            new double[(int) parameter.getArray().size()]);
                                }
                            });
            double alpha = Math.pow(6, 0.25);
            double value = 1;
            for (int norm = 0; norm < 6; norm++) {
                value = alpha * value / Math.sqrt(alpha * alpha * value * value + epsilon);
            }
            NDArray x = manager.create(new float[] {1, -1, 1, -1}, new Shape(1, 1, 4));
            assertClose(
                    new double[] {value, -value, value, -value},
                    Run.infer(stack, x, new ForwardContext()),
                    1e-5);
        }
    }

    @Test
    void saysWhenThereIsNoStack() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Linear linear = Run.initialized(new Linear(3, 2, true), manager, 1);
            assertEquals(
                    "block must hold a stack, got no weight in layers",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            StackStart.GPT2.apply(
                                                    linear, config(NormPlacement.PRE, DIM, LAYERS)))
                            .getMessage());
        }
    }
}
