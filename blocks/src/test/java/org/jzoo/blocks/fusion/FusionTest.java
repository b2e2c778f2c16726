package org.jzoo.blocks.fusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

class FusionTest {

    private static final int B = 2;
    private static final int T = 5;
    private static final int N = 3;
    private static final int DIM = 8;
    private static final LayerNormOption NORM = new LayerNormOption(1e-5);

    private static LayerConfig layer(NormPlacement placement) {
        return new LayerConfig(
                SelfAttentionOption.builder().setHeads(2, DIM).build(),
                new DenseFeedForwardOption(11, Activation.GELU, true, 0),
                NORM,
                placement,
                0);
    }

    private static TransformerConfig stack() {
        return TransformerConfig.uniform(DIM, 2, layer(NormPlacement.PRE), NORM);
    }

    static Stream<FusionOption> options() {
        CrossAttentionOption cross = CrossAttentionOption.of(4, DIM);
        return Stream.of(
                new JointFusionOption(stack(), false),
                new JointFusionOption(stack(), true),
                new TwoWayFusionOption(2, cross, false, layer(NormPlacement.PRE), NORM),
                new TwoWayFusionOption(2, cross, true, layer(NormPlacement.PRE), NORM),
                new TwoWayFusionOption(2, cross, true, layer(NormPlacement.POST), null),
                new PooledFusionOption(7, Activation.RELU));
    }

    private static NDList inputs(NDManager manager) {
        return new NDList(
                Run.random(manager, 1, B, T, DIM),
                Run.random(manager, 2, B, N, DIM),
                Run.randomMask(manager, 3, 0.6, B, T),
                Run.randomMask(manager, 4, 0.6, B, N));
    }

    private static NDList run(Block part, NDList inputs, boolean training, ForwardContext context) {
        ParameterStore store = new ParameterStore(inputs.head().getManager(), false);
        return part.forward(store, inputs, training, context.asParams());
    }

    private static NDList infer(Block part, NDList inputs) {
        try (GradientMode off = GradientMode.off()) {
            return run(part, inputs, false, new ForwardContext());
        }
    }

    @Test
    void modulationScalesAndShiftsEveryTokenOfItsExample() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray tokens = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}).reshape(2, 2, 2);
            NDArray modulation =
                    manager.create(new float[] {1, 0, 10, 20, -1, 0.5f, 0, -2}).reshape(2, 4);
            assertArrayEquals(
                    new float[] {12, 22, 16, 24, 0, 7, 0, 10},
                    FusionKernel.modulate(tokens, modulation).toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void masksHideTokensAndEachStreamKnowsOfTheOther(FusionOption option) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Block part = Run.initialized(option.create(DIM), manager, 1);
            NDList inputs = inputs(manager);
            inputs.set(
                    3,
                    manager.create(new boolean[] {true, true, false, true, true, false})
                            .reshape(B, N));
            NDList plain = infer(part, inputs);
            assertEquals(new Shape(B, T, DIM), plain.get(0).getShape());
            assertEquals(new Shape(B, N, DIM), plain.get(1).getShape());
            NDArray image = inputs.get(1).duplicate();
            image.set(new NDIndex(":, 2"), 9f); // hidden
            NDList hidden = infer(part, with(inputs, image));
            assertClose(plain.get(0), hidden.get(0), 1e-6);
            image.set(new NDIndex(":, 1"), 9f); // seen
            NDList seen = infer(part, with(inputs, image));
            double change = plain.get(0).sub(seen.get(0)).abs().max().getFloat();
            assertTrue(change > 1e-3, () -> "the text does not see the image: " + change);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void withoutMasksAllTokensAreThere(FusionOption option) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Block part = Run.initialized(option.create(DIM), manager, 1);
            NDList inputs = inputs(manager);
            inputs.set(2, manager.ones(new Shape(B, T), DataType.BOOLEAN));
            inputs.set(3, manager.ones(new Shape(B, N), DataType.BOOLEAN));
            NDList masked = infer(part, inputs);
            NDList plain = infer(part, inputs.subNDList(0, 2));
            assertClose(masked.get(0), plain.get(0), 1e-6);
            assertClose(masked.get(1), plain.get(1), 1e-6);
        }
    }

    private static NDList with(NDList inputs, NDArray image) {
        return new NDList(inputs.get(0), image, inputs.get(2), inputs.get(3));
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyParameterGetsAFiniteGradientAndTheContextIsLeftAsItWas(FusionOption option) {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Block part = Run.initialized(option.create(DIM), manager, 1);
            NDArray mask = manager.create(true);
            ForwardContext context = new ForwardContext().withMask(mask);
            NDList outputs = run(part, inputs(manager), true, context);
            assertEquals(mask, context.mask());
            assertEquals("", context.scope());
            NDArray both = FusionKernel.joinMasks(outputs.get(0), outputs.get(1));
            GradientMode.backward(both, Run.random(manager, 5, B, T + N, DIM));
            Run.gradients(part)
                    .forEach(
                            (path, gradient) -> {
                                assertNotNull(gradient, path);
                                double largest = Run.largest(gradient);
                                assertTrue(Double.isFinite(largest), path);
                                assertTrue(largest > 0 || path.matches(".*key\\.bias"), path);
                            });
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void theOptionIsReadAsItWasWritten(FusionOption option) {
        record Holder(FusionOption fusion) {}
        Holder holder = new Holder(option);
        assertEquals(holder, PartJson.fromJson(PartJson.toJson(holder), Holder.class));
    }

    @Test
    void jointAttentionIsTheTransformerOverBothStreams() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            JointFusion part =
                    Run.initialized(new JointFusionOption(stack(), false).create(DIM), manager, 1);
            NDList inputs = inputs(manager);
            NDList outputs = infer(part, inputs);
            NDArray types = part.getParameters().get("types").getArray();
            NDArray joined = FusionKernel.join(inputs.get(0), inputs.get(1), types);
            ForwardContext context =
                    new ForwardContext()
                            .withMask(FusionKernel.joinMasks(inputs.get(2), inputs.get(3)));
            Transformer transformer = (Transformer) part.part("transformer");
            NDArray expected = Run.infer(transformer, joined, context);
            assertSame(expected, FusionKernel.joinMasks(outputs.get(0), outputs.get(1)));
        }
    }

    @Test
    void sharedCrossAttentionHasOneSetOfWeights() {
        CrossAttentionOption cross = CrossAttentionOption.of(4, DIM);
        LayerConfig layer = layer(NormPlacement.POST);
        long apart = count(new TwoWayFusionOption(1, cross, false, layer, null).create(DIM));
        long shared = count(new TwoWayFusionOption(1, cross, true, layer, null).create(DIM));
        assertEquals(4L * (DIM * DIM + DIM) + 2 * DIM, apart - shared);
    }

    private static long count(Block block) {
        return block.getParameters().values().stream().mapToLong(p -> p.getShape().size()).sum();
    }

    @Test
    void rejectsWhatDoesNotFit() {
        assertEquals(
                "dim must be that of the stack, got dim=9, stack=8",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new JointFusionOption(stack(), false).create(9))
                        .getMessage());
        assertEquals(
                "width must be >= 1, got width=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new PooledFusionOption(0, Activation.GELU))
                        .getMessage());
        assertEquals(
                List.of("numLayers must be >= 1, got numLayers=0"),
                List.of(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () ->
                                                new TwoWayFusionOption(
                                                        0,
                                                        CrossAttentionOption.of(4, DIM),
                                                        true,
                                                        layer(NormPlacement.PRE),
                                                        NORM))
                                .getMessage()));
    }
}
