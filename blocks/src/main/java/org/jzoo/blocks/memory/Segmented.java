package org.jzoo.blocks.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Reads a long input in segments with one block, handing the memories of its parts from segment to
 * segment: cached states of segment-recurrent attention, memory tokens.
 *
 * <p>Shapes: input {@code (B, N)} token ids or {@code (B, N, D)}, output the block's outputs, one
 * behind the other, {@code (B, N, …)}. The context's mask is {@code (B, N)}, true means attend. A
 * context with a memory gets the last segment's memories, so that a next call goes on where this
 * one ended. Auxiliary losses are averaged over segments; captures are named "segments.0.…" and so
 * on, except by {@link #train}, which keeps none.
 *
 * <p>{@link #forward} holds what the backward pass needs of all segments at once; {@link #train}
 * only that of a group of {@link SegmentConfig#gradientSegments()}, whatever the length.
 */
public final class Segmented extends Part {

    private final SegmentConfig config;

    /** Wraps a block that maps (B, T, …) to (B, T, …). */
    public Segmented(Block block, SegmentConfig config) {
        this.config = config;
        child("block", block);
    }

    /** How inputs are read. */
    public SegmentConfig config() {
        return config;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        try (Reader reader =
                new Reader(
                        inputs.singletonOrThrow(), pass.store(), pass.training(), pass.context())) {
            NDManager home = reader.x.getManager();
            List<NDArray> outputs = new ArrayList<>();
            while (reader.hasNext()) {
                String prefix = "segments.%d.".formatted(reader.index);
                outputs.add(reader.next(home));
                reader.context
                        .losses()
                        .forEach(
                                (name, loss) ->
                                        pass.context().addLoss(prefix + name, reader.share(loss)));
                pass.context().capture(prefix, reader.context);
            }
            reader.finish();
            return list(
                    outputs.size() == 1
                            ? outputs.get(0)
                            : SegmentKernel.concat(outputs.toArray(NDArray[]::new)));
        }
    }

    /**
     * Reads a long batch forward and backward, group of segments by group, so that memory does not
     * grow with the number of segments. Gradients are added to the parameters'.
     *
     * @param store where parameter values come from
     * @param x (B, N) or (B, N, D)
     * @param context the mask, the precision and earlier memories
     * @param loss each segment's share of the loss
     * @return the sum of all shares, auxiliary losses included
     */
    public double train(ParameterStore store, NDArray x, ForwardContext context, SegmentLoss loss) {
        double sum = 0;
        try (Reader reader = new Reader(x, store, true, context);
                GradientMode on = GradientMode.on()) {
            while (reader.hasNext()) {
                try (NDManager group = x.getManager().newSubManager()) {
                    sum += group(reader, group, loss);
                }
            }
            reader.finish();
        }
        return sum;
    }

    private double group(Reader reader, NDManager group, SegmentLoss loss) {
        NDArray total = null;
        boolean open = true;
        while (open && reader.hasNext()) {
            int index = reader.index;
            NDArray output = reader.next(group);
            total = plus(total, loss.of(index, output), group);
            for (NDArray auxiliary : reader.context.losses().values()) {
                total = plus(total, reader.share(auxiliary), group);
            }
            open = config.recorded(index);
        }
        if (total == null) {
            return 0;
        }
        GradientMode.backward(total);
        return total.toFloatArray()[0];
    }

    private static NDArray plus(NDArray sum, NDArray share, NDManager group) {
        if (share == null) {
            return sum;
        }
        share.attach(group);
        return sum == null ? share : LinearKernel.add(sum, share);
    }

    /** One way through a long input. */
    private final class Reader implements AutoCloseable {

        private final NDArray x;
        private final ParameterStore store;
        private final boolean training;
        private final ForwardContext outer;
        private final int count;
        private final NDManager home;
        private ForwardContext context;
        private NDManager memory;
        private int index;

        Reader(NDArray x, ParameterStore store, boolean training, ForwardContext outer) {
            check(outer);
            this.x = x;
            this.store = store;
            this.training = training;
            this.outer = outer;
            count = config.count(x.getShape().get(1));
            home = x.getManager().newSubManager();
            context = outer;
        }

        boolean hasNext() {
            return index < count;
        }

        /** Reads a segment; what comes of it is attached to {@code target}. */
        NDArray next(NDManager target) {
            int start = index * config.length();
            int length = (int) Math.min(config.length(), x.getShape().get(1) - start);
            boolean last = index == count - 1;
            NDManager before = memory;
            memory = home.newSubManager();
            NDManager owner = last && outer.memory() != null ? outer.memory() : memory;
            boolean recorded = last ? outer.memoryRecorded() : config.recorded(index);
            context = context.next().withMemory(owner, recorded);
            try (NDManager working = home.newSubManager()) {
                if (outer.mask() != null) {
                    NDArray mask = SegmentKernel.cut(outer.mask(), start, length);
                    mask.attach(home);
                    context.withMask(mask);
                }
                NDArray segment = SegmentKernel.cut(x, start, length);
                segment.attach(working);
                NDArray y =
                        part("block")
                                .forward(store, new NDList(segment), training, context.asParams())
                                .singletonOrThrow();
                y.attach(target);
                context.losses().values().forEach(loss -> loss.attach(target));
                context.captured().values().forEach(array -> array.attach(target));
                return y;
            } finally {
                index++;
                if (before != null) {
                    before.close();
                }
            }
        }

        /** An auxiliary loss's share of the average over segments. */
        NDArray share(NDArray auxiliary) {
            return LossKernel.scale(auxiliary, 1.0 / count);
        }

        /** Leaves the memories with the long input's context. */
        void finish() {
            if (outer.memory() != null) {
                outer.withStates(context.states());
            }
        }

        @Override
        public void close() {
            home.close();
        }
    }

    private static void check(ForwardContext context) {
        if (context.mask() != null && context.mask().getShape().dimension() != 2) {
            throw new IllegalArgumentException(
                    "mask must be (B, N) for an input read in segments, got mask="
                            + context.mask().getShape());
        }
        if (context.positions() != null
                || context.cache() != null
                || context.checkpoints() != null) {
            throw new IllegalArgumentException(
                    "positions, cache and checkpoints must be null for an input read in segments");
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return part("block").getOutputShapes(inputShapes);
    }
}
