package org.jzoo.blocks.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SegmentAttentionOption;
import org.jzoo.blocks.attention.SegmentMemory;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.memory.RecurrentMemoryConfig.Form;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Stacks;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

class SegmentedTest {

    private static final int DIM = Stacks.DIM;
    private static final int TOKENS = 2;

    private static TransformerConfig recurrent(int memory) {
        return TransformerConfig.uniform(
                DIM,
                2,
                new LayerConfig(
                        SegmentAttentionOption.builder()
                                .setHeads(3, DIM)
                                .setMemoryLength(memory)
                                .build(),
                        new DenseFeedForwardOption(20, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0),
                new LayerNormOption(1e-5));
    }

    private static RecurrentMemory tokens(Form form) {
        return new RecurrentMemory(
                new RecurrentMemoryConfig(
                        form == Form.DECODER ? Stacks.preCausal(0) : Stacks.post(0), TOKENS, form));
    }

    @Nested
    class Encoder extends PartContract {
        @Override
        protected Part create() {
            return tokens(Form.ENCODER);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class ManySegments extends PartContract {
        @Override
        protected Part create() {
            return new Segmented(tokens(Form.DECODER), new SegmentConfig(2, 3));
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Test
    void inOneSegmentMemoryTokensAreMoreTokensOfThePlainStack() {
        for (Form form : Form.values()) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode off = GradientMode.off()) {
                RecurrentMemory part = Run.initialized(tokens(form), manager, 1);
                Transformer stack = (Transformer) part.part("stack");
                NDArray x = Run.random(manager, 2, 2, 5, DIM);
                NDArray mask =
                        manager.create(
                                new boolean[] {
                                    true, true, true, false, false, true, true, true, true, true
                                },
                                new Shape(2, 5));
                NDArray initial = ParameterPaths.of(part).get("initial").getArray();
                boolean behind = form == Form.DECODER;
                NDArray joined = SegmentKernel.surround(x, initial, behind);
                NDArray all =
                        Run.infer(
                                stack,
                                joined,
                                new ForwardContext()
                                        .withMask(
                                                SegmentKernel.surroundMask(mask, TOKENS, behind)));
                assertEquals(behind ? 9 : 7, all.getShape().get(1));
                ForwardContext context = new ForwardContext().withMask(mask);
                assertSame(all.get(":, 2:7"), Run.infer(part, x, context));
                assertSame(mask, context.mask());
            }
        }
    }

    @Test
    void whatIsWrittenIsReadNext() {
        for (Form form : Form.values()) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode off = GradientMode.off()) {
                RecurrentMemory part = Run.initialized(tokens(form), manager, 1);
                Transformer stack = (Transformer) part.part("stack");
                boolean behind = form == Form.DECODER;
                NDArray x = Run.random(manager, 2, 2, 6, DIM);
                NDArray initial = ParameterPaths.of(part).get("initial").getArray();
                NDArray first =
                        Run.infer(
                                stack,
                                SegmentKernel.surround(x.get(":, :3"), initial, behind),
                                new ForwardContext());
                NDArray written = behind ? first.get(":, 5:7") : first.get(":, 0:2");
                NDArray second =
                        Run.infer(
                                stack,
                                SegmentKernel.surround(x.get(":, 3:"), written, behind),
                                new ForwardContext());
                NDArray y =
                        Run.infer(
                                new Segmented(part, new SegmentConfig(3, 1)),
                                x,
                                new ForwardContext());
                assertClose(first.get(":, 2:5"), y.get(":, :3"), 1e-6);
                assertClose(second.get(":, 2:5"), y.get(":, 3:"), 1e-6);
            }
        }
    }

    @Test
    void aStackThatRemembersEverythingReadsSegmentsAsOne() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Transformer stack = Run.initialized(new Transformer(recurrent(11)), manager, 1);
            NDArray x = Run.random(manager, 2, 2, 11, DIM);
            NDArray mask = Run.randomMask(manager, 3, 0.7, 2, 11);
            Segmented segmented = new Segmented(stack, new SegmentConfig(4, 1));
            assertClose(
                    Run.infer(stack, x, new ForwardContext().withMask(mask)),
                    Run.infer(segmented, x, new ForwardContext().withMask(mask)),
                    1e-5);
        }
    }

    @Test
    void aSecondCallGoesOnWhereTheFirstEnded() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            for (Part block : new Part[] {new Transformer(recurrent(3)), tokens(Form.DECODER)}) {
                Segmented part =
                        new Segmented(Run.initialized(block, manager, 1), new SegmentConfig(2, 1));
                NDArray x = Run.random(manager, 2, 2, 8, DIM);
                NDArray whole = Run.infer(part, x, new ForwardContext());
                ForwardContext first = new ForwardContext().withMemory(manager);
                assertClose(whole.get(":, :4"), Run.infer(part, x.get(":, :4"), first), 1e-6);
                ForwardContext second = new ForwardContext().withStates(first.states());
                assertClose(whole.get(":, 4:"), Run.infer(part, x.get(":, 4:"), second), 1e-6);
            }
        }
    }

    @Test
    void gradientsReachBackOverAGroupOfSegmentsAndNoFurther() {
        int segments = 7;
        int group = 3;
        for (Part block : new Part[] {new Transformer(recurrent(2)), tokens(Form.DECODER)}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                Segmented part =
                        new Segmented(
                                Run.initialized(block, manager, 1), new SegmentConfig(2, group));
                for (int asked = 0; asked < segments; asked++) {
                    NDArray x = Run.random(manager, 2, 1, 2L * segments, DIM);
                    x.setRequiresGradient(true);
                    int index = asked;
                    part.train(
                            new ParameterStore(manager, false),
                            x,
                            new ForwardContext(),
                            (i, y) -> i == index ? y.sum() : null);
                    float[] gradient = x.getGradient().toFloatArray();
                    for (int s = 0; s < segments; s++) {
                        double largest = 0;
                        for (int i = s * 2 * DIM; i < (s + 1) * 2 * DIM; i++) {
                            largest = Math.max(largest, Math.abs(gradient[i]));
                        }
                        boolean reached = s <= asked && s / group == asked / group;
                        assertEquals(reached, largest > 0, "asked " + asked + ", segment " + s);
                    }
                }
            }
        }
    }

    @Test
    void gradientsThroughSegmentsAgreeWithDifferences() {
        for (Part block : new Part[] {new Transformer(recurrent(2)), tokens(Form.DECODER)}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                Segmented part =
                        new Segmented(Run.initialized(block, manager, 1), new SegmentConfig(1, 3));
                GradientCheck.assertGradients(
                        in -> Run.forward(part, in.head(), true, new ForwardContext()),
                        1e-2,
                        Run.random(manager, 2, 1, 3, DIM));
            }
        }
    }

    @Test
    void groupByGroupGivesTheGradientsOfOneForwardPass() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented part =
                    new Segmented(
                            Run.initialized(tokens(Form.DECODER), manager, 1),
                            new SegmentConfig(2, 2));
            NDArray x = Run.random(manager, 2, 2, 9, DIM);
            NDArray mask = Run.randomMask(manager, 3, 0.8, 2, 9);
            double loss;
            try (GradientMode on = GradientMode.on()) {
                NDArray y =
                        Run.forward(part, x, true, new ForwardContext().withMask(mask)).square();
                GradientMode.backward(y);
                loss = y.sum().getFloat();
            }
            Map<String, float[]> whole = new TreeMap<>(Run.gradients(part));
            Run.zeroGradients(part);
            double sum =
                    part.train(
                            new ParameterStore(manager, false),
                            x,
                            new ForwardContext().withMask(mask),
                            (i, y) -> y.square().sum());
            assertEquals(loss, sum, 1e-4 * loss);
            Run.gradients(part)
                    .forEach(
                            (path, gradient) ->
                                    assertClose(
                                            manager.create(whole.get(path)),
                                            manager.create(gradient),
                                            1e-4 * (1 + Run.largest(gradient))));
        }
    }

    @Test
    void aThousandSegmentsLeaveNothingBehind() {
        for (Part block : new Part[] {new Transformer(recurrent(3)), tokens(Form.DECODER)}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                Segmented part =
                        new Segmented(Run.initialized(block, manager, 1), new SegmentConfig(2, 4));
                try (NDManager batch = manager.newSubManager()) {
                    NDArray x = Run.random(batch, 2, 1, 2000, DIM);
                    NDManager kept = batch.newSubManager();
                    ForwardContext context = new ForwardContext().withMemory(kept);
                    int[] most = {0};
                    part.train(
                            new ParameterStore(manager, false),
                            x,
                            context,
                            (i, y) -> {
                                most[0] = Math.max(most[0], batch.getManagedArrays().size());
                                return i % 50 == 0 ? LossKernel.scale(y.sum(), 1e-3) : null;
                            });
                    assertTrue(most[0] <= 20, "arrays at most: " + most[0]);
                    List<NDArray> memories = kept.getManagedArrays();
                    assertEquals(context.states().size(), memories.size());
                    assertEquals(1 + memories.size(), batch.getManagedArrays().size());
                    memories.forEach(array -> assertFalse(GradientMode.isRecorded(array)));
                }
            }
        }
    }

    @Test
    void paddingSegmentsAndShapesOfMemories() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Segmented part =
                    new Segmented(
                            Run.initialized(new Transformer(recurrent(3)), manager, 1),
                            new SegmentConfig(2, 1));
            NDArray x = Run.random(manager, 2, 1, 6, DIM);
            NDArray mask =
                    manager.create(
                            new boolean[] {true, true, true, false, false, false}, new Shape(1, 6));
            ForwardContext context = new ForwardContext().withMask(mask).withMemory(manager);
            NDArray y = Run.infer(part, x, context);
            assertClose(
                    Run.infer(part, x.get(":, :3"), new ForwardContext()), y.get(":, :3"), 1e-5);
            assertFalse(y.isNaN().any().getBoolean());
            SegmentMemory memory = (SegmentMemory) context.states().values().iterator().next();
            assertEquals(new Shape(1, 3, DIM), memory.hidden().getShape());
            assertEquals(new Shape(1, 3), memory.mask().getShape());
        }
    }

    @Test
    void capturesAreNamedBySegment() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented part =
                    new Segmented(
                            Run.initialized(new Transformer(recurrent(3)), manager, 1),
                            new SegmentConfig(2, 1));
            ForwardContext context = new ForwardContext().withCapture(SelfAttention.WEIGHTS);
            Run.infer(part, Run.random(manager, 2, 1, 4, DIM), context);
            assertEquals(
                    new Shape(1, 3, 2, 4),
                    context.captured().get("segments.1.layers.1.attention").getShape());
            assertEquals(4, context.captured().size());
        }
    }

    /** Leaves the sum of its input as an auxiliary loss. */
    private static final class Noisy extends Part {
        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            pass.context().addLoss("sum", inputs.head().sum());
            return inputs;
        }
    }

    @Test
    void auxiliaryLossesAreAveragedOverSegments() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented part = new Segmented(new Noisy(), new SegmentConfig(2, 2));
            NDArray x = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(1, 6, 1));
            x.setRequiresGradient(true);
            ForwardContext context = new ForwardContext();
            Run.infer(part, x, context);
            assertEquals(
                    List.of("segments.0.sum", "segments.1.sum", "segments.2.sum"),
                    List.copyOf(context.losses().keySet()));
            assertClose(new double[] {7 / 3.0}, context.losses().get("segments.1.sum"), 1e-6);
            double sum =
                    part.train(
                            new ParameterStore(manager, false),
                            x,
                            new ForwardContext(),
                            (i, y) -> null);
            assertEquals(7, sum, 1e-5);
            double third = 1 / 3.0;
            assertClose(
                    new double[] {third, third, third, third, third, third}, x.getGradient(), 1e-6);
        }
    }

    @Test
    void bfloat16IsClose() {
        for (Part block : new Part[] {new Transformer(recurrent(3)), tokens(Form.DECODER)}) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode off = GradientMode.off()) {
                PyTorch.seed(1);
                block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
                Segmented part = new Segmented(block, new SegmentConfig(2, 1));
                NDArray x = Run.random(manager, 2, 2, 7, DIM);
                assertRelativelyClose(
                        Run.infer(part, x, new ForwardContext()),
                        Run.infer(part, x, new ForwardContext().withPrecision(Precision.BFLOAT16)),
                        0.03);
            }
        }
    }

    @Test
    void saysWhatItWants() {
        assertMessage(
                "length and gradientSegments must be >= 1, got length=3, gradientSegments=0",
                () -> new SegmentConfig(3, 0));
        assertMessage(
                "numTokens must be >= 1, got numTokens=0",
                () -> new RecurrentMemoryConfig(Stacks.post(0), 0, Form.ENCODER));
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part block = Run.initialized(tokens(Form.DECODER), manager, 1);
            NDArray x = Run.random(manager, 2, 1, 4, DIM);
            NDArray pairs = Run.randomMask(manager, 3, 0.7, 1, 4, 4);
            assertMessage(
                    "mask must be (B, T) with memory tokens, got mask=(1, 4, 4)",
                    () -> Run.infer(block, x, new ForwardContext().withMask(pairs)));
            assertMessage(
                    "mask must be (B, N) for an input read in segments, got mask=(1, 4, 4)",
                    () ->
                            Run.infer(
                                    new Segmented(block, new SegmentConfig(2, 1)),
                                    x,
                                    new ForwardContext().withMask(pairs)));
            assertMessage(
                    "positions, cache and checkpoints must be null for an input read in segments",
                    () ->
                            Run.infer(
                                    new Segmented(block, new SegmentConfig(2, 1)),
                                    x,
                                    new ForwardContext().withCache(manager)));
            assertMessage(
                    "positions and cache must be null with memory tokens, which stand between"
                            + " segments",
                    () -> Run.infer(block, x, new ForwardContext().withCache(manager)));
        }
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
