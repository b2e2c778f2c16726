package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.position.RotaryPositionOption;

class SegmentAttentionTest {

    private static final int DIM = 12;
    private static final QueryKeyPosition ROTARY = new RotaryPositionOption(100, 4, false);

    private static SegmentAttentionOption option(
            boolean causal, int memory, QueryKeyPosition position) {
        return SegmentAttentionOption.builder()
                .setHeads(3, DIM)
                .setMemoryLength(memory)
                .optBias(true, true)
                .optCausal(causal)
                .optPosition(position)
                .build();
    }

    @Nested
    class Causal extends PartContract {
        @Override
        protected Part create() {
            return option(true, 5, null).create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class BothWays extends PartContract {
        @Override
        protected Part create() {
            return option(false, 5, null).create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Test
    void sinusoidsByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray like = manager.create(1f);
            assertClose(
                    new double[] {
                        Math.sin(1),
                        Math.sin(0.01),
                        Math.cos(1),
                        Math.cos(0.01),
                        0,
                        0,
                        1,
                        1,
                        Math.sin(-1),
                        Math.sin(-0.01),
                        Math.cos(-1),
                        Math.cos(-0.01)
                    },
                    SegmentKernel.sinusoids(like, 1, 3, 4),
                    1e-6);
        }
    }

    @Test
    void scoresByDistanceAreThoseOfTheLoop() {
        int heads = 2;
        int size = 3;
        int queries = 4;
        int keys = 7;
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray q = Run.random(manager, 1, 1, heads, queries, size);
            NDArray bias = Run.random(manager, 2, heads, size);
            NDArray r = Run.random(manager, 3, 10, 6); // 7 + 4 - 1 distances
            double[] qs = Close.values(q);
            double[] bs = Close.values(bias);
            double[] rs = Close.values(r);
            double[] all = new double[heads * queries * keys];
            boolean[] seen = new boolean[all.length];
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < queries; i++) {
                    for (int j = 0; j < keys; j++) {
                        int distance = keys - queries + i - j;
                        int row = keys - 1 - distance;
                        int at = (h * queries + i) * keys + j;
                        seen[at] = distance >= 0;
                        for (int d = 0; d < size; d++) {
                            all[at] +=
                                    0.7
                                            * (qs[(h * queries + i) * size + d] + bs[h * size + d])
                                            * rs[row * heads * size + h * size + d];
                        }
                    }
                }
            }
            assertClose(all, SegmentKernel.relativeScores(q, bias, r, keys, 0.7), 1e-5);
            NDArray mask = manager.create(seen, new Shape(1, heads, queries, keys));
            NDArray earlier = SegmentKernel.relativeScores(q, bias, r.get("0:" + keys), keys, 0.7);
            assertClose(
                    Close.values(manager.create(all, mask.getShape()).get(mask)),
                    earlier.get(mask),
                    1e-5);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        for (boolean causal : new boolean[] {true, false}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                SegmentAttention part =
                        Run.initialized(option(causal, 3, null).create(DIM), manager, 2);
                GradientCheck.assertGradients(
                        in -> segments(part, in, null, true).get(1),
                        5e-3,
                        Run.random(manager, 3, 1, 3, DIM),
                        Run.random(manager, 4, 1, 2, DIM));
            }
        }
    }

    /** Runs segment after segment with memory. */
    private static List<NDArray> segments(
            Part part, NDList inputs, List<NDArray> masks, boolean recorded) {
        List<NDArray> outputs = new ArrayList<>();
        Map<String, Object> states = Map.of();
        NDManager owner = inputs.head().getManager();
        for (int s = 0; s < inputs.size(); s++) {
            ForwardContext context =
                    new ForwardContext().withStates(states).withMemory(owner, recorded);
            if (masks != null) {
                context.withMask(masks.get(s));
            }
            outputs.add(Run.forward(part, inputs.get(s), false, context));
            states = context.states();
        }
        return outputs;
    }

    private static NDList cut(NDArray x, int... lengths) {
        NDList parts = new NDList();
        int from = 0;
        for (int length : lengths) {
            parts.add(x.get(":, %d:%d".formatted(from, from + length)));
            from += length;
        }
        return parts;
    }

    private static NDArray join(List<NDArray> outputs) {
        return NDArrays.concat(new NDList(outputs), 1);
    }

    @Test
    void segmentsThatRememberEverythingEqualOnePass() {
        for (QueryKeyPosition position : new QueryKeyPosition[] {null, ROTARY}) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode off = GradientMode.off()) {
                Part part = Run.initialized(option(true, 11, position).create(DIM), manager, 1);
                NDArray x = Run.random(manager, 3, 2, 11, DIM);
                NDArray mask = Run.randomMask(manager, 4, 0.7, 2, 11);
                int[] lengths = {4, 1, 3, 3};
                assertClose(
                        Run.infer(part, x, new ForwardContext()),
                        join(segments(part, cut(x, lengths), null, false)),
                        1e-5);
                assertClose(
                        Run.infer(part, x, new ForwardContext().withMask(mask)),
                        join(segments(part, cut(x, lengths), cut(mask, lengths), false)),
                        1e-5);
            }
        }
    }

    @Test
    void withALimitItSeesThatFarAndNoFurther() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Part part = Run.initialized(option(true, 3, null).create(DIM), manager, 1);
            NDArray x = Run.random(manager, 3, 2, 9, DIM);
            boolean[] seen = new boolean[2 * 9 * 9];
            for (int i = 0; i < seen.length; i++) {
                int query = i / 9 % 9;
                int key = i % 9;
                seen[i] = key <= query && key >= query / 4 * 4 - 3; // segments of 4
            }
            NDArray pairs = manager.create(seen, new Shape(2, 9, 9));
            List<NDArray> parts = segments(part, cut(x, 4, 4, 1), null, false);
            assertClose(
                    Run.infer(part, x, new ForwardContext().withMask(pairs)), join(parts), 1e-5);
        }
    }

    @Test
    void aPairMaskCountsTheMemory() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Part part = Run.initialized(option(false, 4, null).create(DIM), manager, 1);
            NDArray x = Run.random(manager, 3, 2, 7, DIM);
            NDArray pairs = Run.randomMask(manager, 4, 0.6, 2, 7, 7);
            List<NDArray> masks = new ArrayList<>();
            masks.add(null);
            masks.add(pairs.get(":, 4:, :"));
            List<NDArray> parts = segments(part, cut(x, 4, 3), masks, false);
            NDArray whole = Run.infer(part, x, new ForwardContext().withMask(pairs));
            assertClose(whole.get(":, 4:"), parts.get(1), 1e-5);
        }
    }

    @Test
    void gradientsPassTheMemoryOnlyWhenItIsRecorded() {
        for (boolean recorded : new boolean[] {true, false}) {
            try (NDManager manager = PyTorch.newBaseManager();
                    GradientMode on = GradientMode.on()) {
                Part part = Run.initialized(option(true, 4, null).create(DIM), manager, 1);
                NDArray first = Run.random(manager, 3, 1, 4, DIM);
                first.setRequiresGradient(true);
                NDArray second = Run.random(manager, 4, 1, 4, DIM);
                NDArray y = segments(part, new NDList(first, second), null, recorded).get(1);
                GradientMode.backward(y);
                double largest = Run.largest(first.getGradient().toFloatArray());
                assertEquals(recorded, largest > 1e-3);
                assertEquals(!recorded, largest == 0);
            }
        }
    }

    @Test
    void shownOrFusedTheResultIsTheSame() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Part part = Run.initialized(option(true, 4, null).create(DIM), manager, 1);
            NDArray x = Run.random(manager, 3, 2, 5, DIM);
            ForwardContext shown = new ForwardContext().withCapture(SelfAttention.WEIGHTS);
            assertClose(Run.infer(part, x, new ForwardContext()), Run.infer(part, x, shown), 1e-6);
            assertEquals(
                    new Shape(2, 3, 5, 5), shown.captured().get(SelfAttention.WEIGHTS).getShape());
        }
    }

    @Test
    void saysWhatItCannotDo() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized(option(true, 4, null).create(DIM), manager, 1);
            NDArray x = Run.random(manager, 3, 2, 5, DIM);
            assertMessage(
                    "segment-recurrent attention must get a memory instead of a cache, got cache"
                            + " without memory; use withMemory",
                    () -> Run.forward(part, x, false, new ForwardContext().withCache(manager)));
            assertMessage(
                    "positions must be null with segment-recurrent attention, which knows distances"
                            + " only, got positions=(5)",
                    () ->
                            Run.forward(
                                    part,
                                    x,
                                    false,
                                    new ForwardContext().withPositions(manager.arange(5))));
            ForwardContext checkpointed = new ForwardContext().withMemory(manager);
            checkpointed.withCheckpoints(new Checkpoints(1, checkpointed));
            assertMessage(
                    "memory must be null with activation checkpointing, which would compute a"
                            + " segment again with the memory after it",
                    () -> Run.forward(part, x, true, checkpointed));
            assertMessage(
                    "memoryLength must be >= 1, got memoryLength=0", () -> option(true, 0, null));
        }
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
