package org.jzoo.blocks.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.ScorePosition;

class TransformerTest {

    private static final int B = 2;
    private static final int T = 5;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    static List<TransformerConfig> configs() {
        return List.of(Stacks.post(0), Stacks.preCausal(0), Stacks.rotary());
    }

    private NDArray input(long seed) {
        return Run.random(manager, seed, B, T, Stacks.DIM);
    }

    @Test
    void postNormNormalisesTheSumAndPreNormTheInput() {
        // Width 2, one position: attention returns output(value(x)). All maps but those two are
        // zero, so that the feed-forward adds nothing; output · value doubles its input.
        NDArray x = manager.create(new float[] {1, 3}, new Shape(1, 1, 2));
        double unit = 1 / Math.sqrt(1 + 1e-5);
        assertClose(
                new double[] {-unit, unit}, // norm(3 · (1, 3)) twice
                Run.infer(doubling(NormPlacement.POST), x, new ForwardContext()),
                1e-4);
        assertClose(
                new double[] {1 - 2 * unit, 3 + 2 * unit}, // x + 2 · norm(x)
                Run.infer(doubling(NormPlacement.PRE), x, new ForwardContext()),
                1e-4);
    }

    private Transformer doubling(NormPlacement placement) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(1, 2).build(),
                        new DenseFeedForwardOption(3, Activation.RELU, true, 0),
                        new LayerNormOption(1e-5),
                        placement,
                        0);
        Transformer stack =
                Run.initialized(
                        new Transformer(TransformerConfig.uniform(2, 1, layer, null)), manager, 1);
        ParameterPaths.of(stack)
                .forEach(
                        (path, p) -> {
                            double value = path.endsWith("Norm.weight") ? 1 : 0;
                            double[] values = new double[(int) p.getShape().size()];
                            java.util.Arrays.fill(values, value);
                            if (path.endsWith("value.weight")) {
                                values = new double[] {1, 0, 0, 1};
                            } else if (path.endsWith("output.weight")) {
                                values = new double[] {2, 0, 0, 2};
                            }
                            Run.set(p.getArray(), values);
                        });
        return stack;
    }

    @ParameterizedTest
    @MethodSource("configs")
    void paddingChangesNothing(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        NDArray x = input(2);
        NDArray padded = x.concat(Run.random(manager, 3, B, 4, Stacks.DIM), 1);
        boolean[] keep = new boolean[B * (T + 4)];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = i % (T + 4) < T;
        }
        NDArray mask = manager.create(keep, new Shape(B, T + 4));
        NDArray plain = Run.infer(stack, x, new ForwardContext());
        NDArray masked = Run.infer(stack, padded, new ForwardContext().withMask(mask));
        assertClose(plain, masked.get(":,:" + T), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void examplesDoNotSeeEachOther(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        NDArray x = input(2);
        NDArray both = Run.infer(stack, x, new ForwardContext());
        assertClose(both.get("1:"), Run.infer(stack, x.get("1:"), new ForwardContext()), 1e-5);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void everyParameterGetsAFiniteGradientAndFrozenOnesNone(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        Set<String> frozen = new TreeSet<>();
        ParameterPaths.of(stack)
                .forEach(
                        (path, p) -> {
                            if (path.contains("layers.1.feedForward.")) {
                                p.freeze(true);
                                frozen.add(path);
                            }
                        });
        assertTrue(frozen.size() >= 2);
        try (GradientMode on = GradientMode.on()) {
            NDArray y = Run.forward(stack, input(2), true, new ForwardContext());
            GradientMode.backward(y, Run.random(manager, 4, B, T, Stacks.DIM));
        }
        Run.gradients(stack)
                .forEach(
                        (path, gradient) -> {
                            if (frozen.contains(path)) {
                                assertEquals(null, gradient, path);
                                return;
                            }
                            double largest = Run.largest(gradient);
                            assertTrue(Double.isFinite(largest), path);
                            // Softmax does not see what is added to all keys.
                            assertTrue(largest > 0 || path.endsWith("key.bias"), path);
                        });
    }

    @ParameterizedTest
    @MethodSource("configs")
    void savedParametersReloadBitEqual(TransformerConfig config) throws Exception {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        stack.saveParameters(new DataOutputStream(bytes));
        Transformer copy = new Transformer(config);
        copy.loadParameters(
                manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        NDArray x = input(2);
        assertSame(
                Run.infer(stack, x, new ForwardContext()),
                Run.infer(copy, x, new ForwardContext()));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void bfloat16IsCloseToFloat32(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        NDArray x = input(2);
        assertRelativelyClose(
                Run.infer(stack, x, new ForwardContext()),
                Run.infer(stack, x, new ForwardContext().withPrecision(Precision.BFLOAT16)),
                5e-2);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void trainingWithoutDropoutEqualsInference(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        NDArray x = input(2);
        try (GradientMode on = GradientMode.on()) {
            assertSame(
                    Run.forward(stack, x, true, new ForwardContext()),
                    Run.infer(stack, x, new ForwardContext()));
        }
    }

    @Test
    void dropoutActsWhileTrainingOnlyAndFollowsTheSeed() {
        Transformer stack = Run.initialized(new Transformer(Stacks.post(0.3)), manager, 1);
        NDArray x = input(2);
        NDArray plain = Run.infer(stack, x, new ForwardContext());
        assertSame(plain, Run.infer(stack, x, new ForwardContext()));
        PyTorch.seed(5);
        NDArray first = Run.forward(stack, x, true, new ForwardContext());
        NDArray second = Run.forward(stack, x, true, new ForwardContext());
        assertThrows(AssertionError.class, () -> assertClose(first, second, 1e-3));
        PyTorch.seed(5);
        assertSame(first, Run.forward(stack, x, true, new ForwardContext()));
    }

    @Test
    void aCausalStackSeesNothingOfTheFuture() {
        Transformer stack = Run.initialized(new Transformer(Stacks.preCausal(0)), manager, 1);
        NDArray x = input(2);
        assertClose(
                Run.infer(stack, x, new ForwardContext()).get(":,:3"),
                Run.infer(stack, x.get(":,:3"), new ForwardContext()),
                1e-5);
    }

    @Test
    void hiddenStatesAndAttentionAreKeptWhenAskedFor() {
        Transformer stack = Run.initialized(new Transformer(Stacks.post(0)), manager, 1);
        NDArray x = input(2);
        ForwardContext context =
                new ForwardContext()
                        .withCapture(Transformer.HIDDEN)
                        .withCapture(SelfAttention.WEIGHTS);
        NDArray y = Run.infer(stack, x, context);
        assertEquals(
                List.of(
                        "layers.0.hidden",
                        "layers.0.attention",
                        "layers.1.hidden",
                        "layers.1.attention",
                        "layers.2.hidden",
                        "layers.2.attention",
                        "layers.3.hidden"),
                List.copyOf(context.captured().keySet()));
        assertSame(x, context.captured().get("layers.0.hidden"));
        assertSame(y, context.captured().get("layers.3.hidden"));
        assertEquals(
                new Shape(B, 3, T, T), context.captured().get("layers.1.attention").getShape());
        assertClose(y, Run.infer(stack, x, new ForwardContext()), 1e-5);
        assertEquals("", context.scope());
    }

    @Test
    void nothingOfALayerStaysButItsResult() {
        Transformer stack = Run.initialized(new Transformer(Stacks.rotary()), manager, 1);
        try (NDManager scope = manager.newSubManager()) {
            NDArray x = Run.random(scope, 2, B, T, Stacks.DIM);
            int before = scope.getManagedArrays().size();
            NDArray y = Run.infer(stack, x, new ForwardContext());
            assertTrue(y.getManager() == scope && x.getManager() == scope);
            // Each layer's output, the final norm's output.
            assertEquals(before + 4, scope.getManagedArrays().size());
        }
    }

    @Test
    void aContextIsAsBeforeWhenALayerHasFailed() {
        ScorePosition twoHeads = new AlibiPositionOption(2);
        TransformerConfig config = Stacks.preCausal(0); // of three heads
        Transformer failing =
                Run.initialized(new Transformer(config.withScorePosition(twoHeads)), manager, 1);
        ForwardContext context = new ForwardContext();
        NDArray x = input(2);
        assertThrows(IllegalArgumentException.class, () -> Run.infer(failing, x, context));
        assertTrue(context.isPlain());
        assertEquals("", context.scope());
        Transformer stack = Run.initialized(new Transformer(config), manager, 1);
        assertSame(Run.infer(stack, x, new ForwardContext()), Run.infer(stack, x, context));
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "dim and the number of layers must be >= 1, got dim=12, layers=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new TransformerConfig(12, List.of(), null, null))
                        .getMessage());
        LayerConfig layer = Stacks.post(0).layers().get(0);
        assertEquals(
                "dropout must be in [0, 1), got dropout=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new LayerConfig(
                                                layer.mixer(),
                                                layer.feedForward(),
                                                layer.norm(),
                                                NormPlacement.PRE,
                                                1))
                        .getMessage());
    }
}
