package org.jzoo.blocks.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.memory.SegmentConfig;
import org.jzoo.blocks.memory.Segmented;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;

class RetrievalGuideTest {

    private static final int DIM = 12;

    // Three blocks of two tokens in each of two rows; four features, so that scores are halves.
    private static double guidance(NDManager manager, long[] marks, long... kinds) {
        NDArray query = manager.create(new float[] {2, 0, 0, 0, 0, 2, 0, 0}, new Shape(2, 4));
        NDArray keys =
                manager.create(
                        new float[] {
                            1, 0, 0, 0, /**/ 3, 0, 0, 0, /**/ 5, 0, 0, 0, // row 0
                            0, 2, 0, 0, /**/ 4, 0, 0, 0, /**/ 7, 7, 0, 0
                        },
                        new Shape(2, 3, 4));
        NDArray valid =
                manager.create(
                        new boolean[] {true, true, true, true, true, false}, new Shape(2, 3));
        NDArray numbers = manager.create(new long[] {0, 1, 2, 2, 0, 1}, new Shape(2, 3));
        return ChunkKernel.guidance(
                        query,
                        keys,
                        valid,
                        manager.create(marks, new Shape(2, 5)),
                        numbers,
                        manager.create(kinds),
                        2)
                .toFloatArray()[0];
    }

    private static double sumOfExponentials(double... scores) {
        double sum = 1; // of no block
        for (double score : scores) {
            sum += Math.exp(score);
        }
        return sum;
    }

    @Test
    void aRowWithoutAnAnswerWantsNoBlock() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            // Row 0 scores its own 1, 3, 5 and the other row's 0, 4; row 1 scores 0, 0, 0, 2, 0.
            double first = Math.log(sumOfExponentials(1, 3, 5, 0, 4));
            double second = Math.log(sumOfExponentials(0, 0, 0, 2, 0));
            assertEquals((first + second) / 2, guidance(manager, new long[10], 0, 0), 1e-5);
        }
    }

    @Test
    void rightBlocksCompeteWithWrongOnesOfAllRowsOneByOne() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            // Blocks 1 and 2 of row 0 answer; block 2 of row 1, at its first place, is like that.
            long[] marks = {0, 0, 0, 2, 2, /**/ 0, 0, 0, 0, 1};
            double wrong = sumOfExponentials(1, 0, 4);
            double first =
                    (Math.log(wrong + Math.exp(3)) - 3 + Math.log(wrong + Math.exp(5)) - 5) / 2;
            double second = Math.log(sumOfExponentials(0, 0, 0, 2, 0));
            assertEquals((first + second) / 2, guidance(manager, marks, 0, 1), 1e-5);
            // Of one kind: row 1's marked block is not wrong for row 0, nor row 0's for row 1.
            wrong = sumOfExponentials(1, 4);
            first = (Math.log(wrong + Math.exp(3)) - 3 + Math.log(wrong + Math.exp(5)) - 5) / 2;
            second = Math.log(sumOfExponentials(0, 2, 0));
            assertEquals((first + second) / 2, guidance(manager, marks, 3, 3), 1e-5);
        }
    }

    private static ChunkStack stack(NDManager manager) {
        LayerConfig layer =
                new LayerConfig(
                        new ChunkAttentionOption(
                                2,
                                6,
                                false,
                                false,
                                0,
                                null,
                                null,
                                new RetrievalOption(4, 2, 2, 5, StoreOption.ALL)),
                        new GatedFeedForwardOption(10, Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        TransformerConfig stack =
                new TransformerConfig(
                        DIM, Collections.nCopies(2, layer), new RmsNormOption(1e-6), null);
        ChunkStackConfig config =
                new ChunkStackConfig(
                        stack,
                        new ChunkMemoryOption(3, null),
                        false,
                        ChunkStackConfig.Form.ENCODER);
        return Run.initialized(new ChunkStack(config), manager, 1);
    }

    private static ForwardContext guided(NDManager manager) {
        long[] marks = new long[2 * 30];
        marks[5] = 2;
        marks[6] = 2;
        marks[30 + 25] = 2;
        marks[30 + 2] = 1;
        ForwardContext context = new ForwardContext();
        new RetrievalGuide(
                        manager.create(marks, new Shape(2, 30)),
                        manager.create(new long[] {0, 1}),
                        0.5)
                .leave(context);
        return context;
    }

    @Test
    void everyLayerIsToldAtEveryChunkAndLearnsToFindTheAnswer() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Segmented chunks = new Segmented(stack(manager), new SegmentConfig(12, 9));
            NDArray x = Run.random(manager, 2, 2, 30, DIM);
            ForwardContext context = guided(manager);
            Run.forward(chunks, x, true, context);
            assertEquals(6, context.losses().size(), context.losses().keySet().toString());
            GradientMode.backward(
                    context.losses().values().stream().reduce(LinearKernel::add).orElseThrow());
            Map<String, float[]> gradients = Run.gradients(chunks);
            long told =
                    gradients.entrySet().stream()
                            .filter(entry -> entry.getKey().contains("retrieval"))
                            .peek(entry -> assertTrue(finiteAndNotZero(entry.getValue())))
                            .count();
            assertEquals(8, told);
        }
    }

    private static boolean finiteAndNotZero(float... values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return Double.isFinite(sum) && sum > 0;
    }

    @Test
    void nobodyIsToldOutsideTraining() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Segmented chunks = new Segmented(stack(manager), new SegmentConfig(12, 9));
            NDArray x = Run.random(manager, 2, 2, 30, DIM);
            ForwardContext context = guided(manager);
            Run.infer(chunks, x, context);
            assertTrue(context.losses().isEmpty());
        }
    }

    @Test
    void saysWhatItWants() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray any = manager.zeros(new Shape(1));
            assertEquals(
                    "weight must be > 0, got weight=0.0",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new RetrievalGuide(any, any, 0))
                            .getMessage());
        }
    }
}
