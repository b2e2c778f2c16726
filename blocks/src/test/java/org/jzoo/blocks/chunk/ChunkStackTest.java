package org.jzoo.blocks.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.ParameterStore;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.chunk.ChunkStackConfig.Form;
import org.jzoo.blocks.chunk.StoreOption.Keep;
import org.jzoo.blocks.chunk.StoreOption.Numbers;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.memory.SegmentConfig;
import org.jzoo.blocks.memory.Segmented;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

class ChunkStackTest {

    private static final int DIM = 32;
    private static final int HEADS = 4;
    private static final int N = 150;

    /** Cumulated gates of all that was read round a little differently. */
    private static final float ROUNDING = 1e-5f;

    private static ChunkAttentionOption mixer(boolean causal, RetrievalOption retrieval) {
        return new ChunkAttentionOption(
                HEADS,
                10,
                causal,
                true,
                0,
                new RotaryPositionOption(100, 4, false),
                new ForgetGate(1),
                retrieval);
    }

    private static RetrievalOption retrieval(StoreOption store) {
        return new RetrievalOption(8, 3, 2, 5, store);
    }

    private static LayerConfig layer(boolean causal, RetrievalOption retrieval) {
        return new LayerConfig(
                mixer(causal, retrieval),
                new GatedFeedForwardOption(20, Activation.SILU, false, 0),
                new RmsNormOption(1e-6),
                NormPlacement.PRE,
                0);
    }

    private static ChunkStackConfig config(
            Form form, RetrievalOption retrieval, ChunkMemoryOption memory) {
        LayerConfig layer = layer(form == Form.DECODER, retrieval);
        TransformerConfig stack =
                new TransformerConfig(
                        DIM,
                        Collections.nCopies(2, layer),
                        new RmsNormOption(1e-6),
                        new AlibiPositionOption(HEADS));
        return new ChunkStackConfig(stack, memory, false, form);
    }

    private static ChunkStack stack(
            NDManager manager, Form form, RetrievalOption retrieval, ChunkMemoryOption memory) {
        return Run.initialized(new ChunkStack(config(form, retrieval, memory)), manager, 1);
    }

    @Nested
    class InOneChunk extends PartContract {
        @Override
        protected Part create() {
            return new ChunkStack(
                    config(
                            Form.ENCODER,
                            retrieval(StoreOption.ALL),
                            new ChunkMemoryOption(3, null)));
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 11, DIM);
        }
    }

    @Nested
    class InManyChunks extends PartContract {
        @Override
        protected Part create() {
            return new Segmented(
                    new ChunkStack(
                            config(
                                    Form.DECODER,
                                    retrieval(StoreOption.ALL),
                                    new ChunkMemoryOption(3, 1.0))),
                    new SegmentConfig(5, 3));
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 14, DIM);
        }
    }

    @Test
    void causalWindowsReachAcrossChunksAsIfThereWereNone() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            ChunkStack stack = stack(manager, Form.DECODER, null, null);
            NDArray x = Run.random(manager, 2, 2, N, DIM);
            NDArray mask = Run.randomMask(manager, 3, 0.9, 2, N);
            NDArray whole = Run.infer(stack, x, new ForwardContext().withMask(mask));
            for (int length : new int[] {7, 40, 64, 149}) {
                Segmented chunks = new Segmented(stack, new SegmentConfig(length, 1));
                assertClose(whole, Run.infer(chunks, x, new ForwardContext().withMask(mask)), 3e-5);
            }
        }
    }

    @Test
    void gradientsAcrossChunksAreThoseOfTheWhole() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            ChunkStack stack = stack(manager, Form.DECODER, null, null);
            NDArray x = Run.random(manager, 2, 2, 40, DIM);
            NDArray cotangent = Run.random(manager, 4, 2, 40, DIM);
            GradientMode.backward(Run.forward(stack, x, true, new ForwardContext()), cotangent);
            Map<String, float[]> whole = Run.gradients(stack);
            ChunkStack same = stack(manager, Form.DECODER, null, null);
            Segmented chunks = new Segmented(same, new SegmentConfig(12, 9));
            GradientMode.backward(Run.forward(chunks, x, true, new ForwardContext()), cotangent);
            Run.gradients(same)
                    .forEach(
                            (path, gradient) ->
                                    assertArrayEquals(
                                            whole.get(path),
                                            gradient,
                                            (float) (1e-4 * Run.largest(whole.get(path)) + 1e-5),
                                            path));
        }
    }

    @Test
    void layersThatLookAheadAndLayersThatDoNotHaveMasksOfTheirOwn() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Transformer both =
                    Run.initialized(
                            new Transformer(
                                    new TransformerConfig(
                                            DIM,
                                            List.of(layer(true, null), layer(false, null)),
                                            null,
                                            null)),
                            manager,
                            1);
            NDArray x = Run.random(manager, 2, 2, 21, DIM);
            Part layers = (Part) both.part("layers");
            NDArray first = Run.infer(layers.part("0"), x, new ForwardContext());
            NDArray second = Run.infer(layers.part("1"), first, new ForwardContext());
            assertClose(second, Run.infer(both, x, new ForwardContext()), ROUNDING);
        }
    }

    @Test
    void noCausalTokenKnowsOfLaterOnes() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            ChunkStack stack =
                    stack(
                            manager,
                            Form.DECODER,
                            retrieval(StoreOption.ALL),
                            new ChunkMemoryOption(3, 0.0));
            Segmented chunks = new Segmented(stack, new SegmentConfig(9, 1));
            NDArray x = Run.random(manager, 2, 1, 40, DIM);
            NDArray other = x.duplicate();
            other.set(new NDIndex(":, 22:"), 0.3f);
            NDArray y = Run.infer(chunks, x, new ForwardContext());
            NDArray z = Run.infer(chunks, other, new ForwardContext());
            assertClose(y.get(":, :22"), z.get(":, :22"), 1e-6);
            assertTrue(y.sub(z).abs().max().getFloat() > 0.01);
        }
    }

    @Test
    void memoryAndRetrievalCarryTheFirstChunkToTheLast() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.random(manager, 2, 1, 60, DIM);
            NDArray other = x.duplicate();
            other.set(new NDIndex(":, :6"), 0.3f);
            ChunkMemoryOption memory = new ChunkMemoryOption(3, 0.0);
            RetrievalOption found = retrieval(StoreOption.ALL);
            assertTrue(lastDifference(manager, null, memory, x, other) > 10 * ROUNDING);
            assertTrue(
                    lastDifference(
                                    manager,
                                    new RetrievalOption(8, 9, 2, 5, StoreOption.ALL),
                                    null,
                                    x,
                                    other)
                            > 10 * ROUNDING);
            assertTrue(lastDifference(manager, found, memory, x, other) > 10 * ROUNDING);
            assertTrue(lastDifference(manager, null, null, x, other) < ROUNDING);
        }
    }

    private static float lastDifference(
            NDManager manager,
            RetrievalOption retrieval,
            ChunkMemoryOption memory,
            NDArray x,
            NDArray other) {
        Segmented chunks =
                new Segmented(
                        stack(manager, Form.ENCODER, retrieval, memory), new SegmentConfig(20, 1));
        NDArray y = Run.infer(chunks, x, new ForwardContext());
        NDArray z = Run.infer(chunks, other, new ForwardContext());
        return y.sub(z).get(":, 50:").abs().max().getFloat();
    }

    @Test
    void anEncodersWindowEndsWithItsChunkAndReachesBackIntoTheOneBefore() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented chunks =
                    new Segmented(
                            stack(manager, Form.ENCODER, null, null), new SegmentConfig(30, 1));
            NDArray x = Run.random(manager, 2, 1, 60, DIM);
            NDArray other = x.duplicate();
            other.set(new NDIndex(":, 28:29"), 0.3f);
            NDArray y = Run.infer(chunks, x, new ForwardContext());
            NDArray z = Run.infer(chunks, other, new ForwardContext());
            float[] moved = y.sub(z).abs().max(new int[] {2}).toFloatArray();
            // Two layers see five positions each, to both sides.
            for (int i = 0; i < 60; i++) {
                assertEquals(i >= 18 && i <= 38, moved[i] > ROUNDING, "position " + i);
            }
        }
    }

    @Test
    void aBoundedStoreKeepsWhatIsRelevantAndFindsTheSame() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            NDArray x = Run.random(manager, 2, 2, 96, DIM);
            NDArray all = retrieved(manager, StoreOption.ALL, x);
            StoreOption relevant = new StoreOption(9, Keep.RELEVANT, Numbers.COMPUTED);
            StoreOption latest = new StoreOption(6, Keep.LATEST, Numbers.COMPUTED);
            assertTrue(all.min().getLong() < 6, "nothing early was found, the case shows nothing");
            assertEquals(all.getShape(), retrieved(manager, relevant, x).getShape());
            assertTrue(retrieved(manager, latest, x).min().getLong() >= 4);
        }
    }

    // The numbers of the blocks that the last chunk's last layer found.
    private static NDArray retrieved(NDManager manager, StoreOption store, NDArray x) {
        Segmented chunks =
                new Segmented(
                        stack(manager, Form.ENCODER, retrieval(store), null),
                        new SegmentConfig(16, 1));
        ForwardContext context = new ForwardContext().withCapture(ChunkAttention.RETRIEVED);
        Run.infer(chunks, x, context);
        return context.captured().get("segments.5.layers.1." + ChunkAttention.RETRIEVED);
    }

    @Test
    void blocksWrittenOverByOneLayerStayInTheOthers() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            StoreOption few = new StoreOption(2, Keep.RELEVANT, Numbers.COMPUTED);
            Segmented chunks =
                    new Segmented(
                            stack(manager, Form.ENCODER, retrieval(few), null),
                            new SegmentConfig(16, 1));
            NDArray x = Run.random(manager, 2, 2, 88, DIM); // the last chunk is one block
            NDArray mask = Run.randomMask(manager, 5, 0.5, 2, 88); // each block has its own
            NDArray copied;
            try (GradientMode on = GradientMode.on()) {
                copied = Run.forward(chunks, x, false, new ForwardContext().withMask(mask));
            }
            NDArray written = Run.infer(chunks, x, new ForwardContext().withMask(mask));
            assertClose(copied, written, ROUNDING);
        }
    }

    @Test
    void eightBitsAreCloseToAllBits() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.random(manager, 2, 2, 96, DIM);
            NDArray wide = withNumbers(manager, Numbers.COMPUTED, x);
            NDArray narrow = withNumbers(manager, Numbers.INT8, x);
            assertRelativelyClose(wide, narrow, 0.05);
            assertTrue(wide.sub(narrow).abs().max().getFloat() > 0);
        }
    }

    private static NDArray withNumbers(NDManager manager, Numbers numbers, NDArray x) {
        StoreOption store = new StoreOption(0, Keep.LATEST, numbers);
        Segmented chunks =
                new Segmented(
                        stack(manager, Form.ENCODER, retrieval(store), null),
                        new SegmentConfig(16, 1));
        return Run.infer(chunks, x, new ForwardContext());
    }

    @Test
    void bfloat16IsCloseToFloat32() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented chunks =
                    new Segmented(
                            stack(
                                    manager,
                                    Form.ENCODER,
                                    retrieval(StoreOption.ALL),
                                    new ChunkMemoryOption(3, 0.0)),
                            new SegmentConfig(32, 1));
            NDArray x = Run.random(manager, 2, 2, 32, DIM);
            NDArray wide = Run.infer(chunks, x, new ForwardContext());
            NDArray narrow =
                    Run.infer(chunks, x, new ForwardContext().withPrecision(Precision.BFLOAT16));
            assertRelativelyClose(wide, narrow, 0.1);
        }
    }

    @Test
    void globalTokensAreSeenByAllAndPaddingAmongThemByNone() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            ChunkStackConfig plain = config(Form.ENCODER, null, null);
            ChunkStack stack =
                    Run.initialized(
                            new ChunkStack(
                                    new ChunkStackConfig(plain.stack(), null, true, Form.ENCODER)),
                            manager,
                            1);
            NDArray x = Run.random(manager, 2, 1, 50, DIM);
            NDArray globals = Run.random(manager, 3, 1, 4, DIM);
            NDArray mask = manager.create(new boolean[] {true, true, true, false}).expandDims(0);
            NDArray y = run(stack, x, globals, mask);
            NDArray changed = globals.duplicate();
            changed.set(new NDIndex(":, 3"), 9f);
            assertClose(y, run(stack, x, changed, mask), 0);
            changed.set(new NDIndex(":, 2"), 9f);
            float[] moved =
                    y.sub(run(stack, x, changed, mask)).abs().max(new int[] {2}).toFloatArray();
            for (float each : moved) {
                assertTrue(each > 0);
            }
        }
    }

    private static NDArray run(ChunkStack stack, NDArray... inputs) {
        return stack.forward(
                        new ParameterStore(inputs[0].getManager(), false),
                        new NDList(inputs),
                        false,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "window must be even and >= 2, got window=5",
                message(() -> new ChunkAttentionOption(1, 5, true, true, 0, null, null, null)));
        assertEquals(
                "rotaryDim must be below the head's features, got rotaryDim=4, features=4",
                message(() -> mixer(true, null).create(16)));
        assertEquals(
                "causal must be false in form ENCODER, got causal=true",
                message(
                        () ->
                                new ChunkStackConfig(
                                        config(Form.DECODER, null, null).stack(),
                                        null,
                                        false,
                                        Form.ENCODER)));
        assertEquals(
                "numTokens must be >= 1, got numTokens=0",
                message(() -> new ChunkMemoryOption(0, null)));
        assertEquals(
                "capacity must be >= 0, got capacity=-1",
                message(() -> new StoreOption(-1, Keep.LATEST, Numbers.INT8)));
        assertEquals(
                "blockLength, count, numHeads and headSize must be >= 1, got blockLength=8,"
                        + " count=0, numHeads=1, headSize=1",
                message(() -> new RetrievalOption(8, 0, 1, 1, StoreOption.ALL)));
    }

    private static String message(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
