package org.jzoo.training.tuning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.LayerSpan;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * What a model's frozen lower layers make of each row of its data: computed once, without dropout,
 * and kept in float32, so that each further epoch runs the upper layers only.
 *
 * <p>A row takes 4 · D bytes a token, on the model's device. Rows that find no room are computed
 * anew each time they are asked for, likewise without dropout: what a batch holds does not depend
 * on the room, but for rounding.
 */
public final class PrefixCache implements AutoCloseable {

    private final Part model;
    private final int numLayers;
    private final Precision precision;
    private final long maxBytes;
    private final NDManager manager;
    private long bytes;

    /**
     * Starts empty.
     *
     * @param model with weights; the layers below {@code numLayers} must not change as long as this
     *     is used, as {@link FrozenLayers} sees to
     * @param numLayers of the lower part, at least 1 and less than the stack has
     * @param precision of its matrix products
     * @param maxBytes that rows may take, not negative
     * @throws IllegalArgumentException if one of those layers learns, or the model has no stack or
     *     several
     */
    public PrefixCache(Part model, int numLayers, Precision precision, long maxBytes) {
        Stack stack = Stack.of(model);
        if (numLayers < 1 || numLayers >= stack.numLayers() || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "numLayers must be in [1, %d) and maxBytes >= 0, got numLayers=%d, maxBytes=%d"
                            .formatted(stack.numLayers(), numLayers, maxBytes));
        }
        for (Map.Entry<String, Parameter> below :
                stack.parametersBelow(numLayers, model).entrySet()) {
            if (below.getValue().requiresGradient()) {
                throw new IllegalArgumentException(
                        "parameters below layer %d must be frozen, got %s that learns"
                                .formatted(numLayers, below.getKey()));
            }
        }
        this.model = model;
        this.numLayers = numLayers;
        this.precision = precision;
        this.maxBytes = maxBytes;
        manager =
                PyTorch.engine()
                        .newBaseManager(
                                ParameterPaths.of(model)
                                        .values()
                                        .iterator()
                                        .next()
                                        .getArray()
                                        .getDevice());
    }

    /** The bytes that rows take now. */
    public long bytes() {
        return bytes;
    }

    /**
     * Runs the rows of epoch 0 through the lower layers, as far as there is room for them, and
     * returns the same batches for the upper layers.
     *
     * @param batches that name their rows, each row of the source by one number, with masks (B, T)
     *     that keep the first positions; every epoch holds the same rows
     * @throws IllegalArgumentException if they don't
     */
    public Batches over(Batches batches) {
        Upper upper = new Upper(batches);
        upper.fill();
        return upper;
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Batches whose inputs are the states that enter the first layer that learns. */
    private final class Upper implements Batches {

        private final Batches batches;
        private final Map<Long, NDArray> known = new HashMap<>();

        Upper(Batches batches) {
            this.batches = batches;
        }

        void fill() {
            for (int i = 0; i < batches.size(0); i++) {
                try (NDManager scope = manager.newSubManager()) {
                    TrainingBatch batch = batches.batch(0, i, scope);
                    if (!keep(batch, states(batch, scope))) {
                        return;
                    }
                }
            }
        }

        private boolean keep(TrainingBatch batch, NDArray states) {
            long[] lengths = lengths(batch, states.getShape());
            long size = 4 * Arrays.stream(lengths).sum() * states.getShape().tail();
            if (bytes + size > maxBytes) {
                return false;
            }
            NDArray[] rows = EmbeddingKernel.cutRows(states, lengths);
            for (int i = 0; i < rows.length; i++) {
                rows[i].attach(manager);
                known.put(batch.rows()[i], rows[i]);
            }
            bytes += size;
            return true;
        }

        @Override
        public int size(int epoch) {
            return batches.size(epoch);
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager scope) {
            TrainingBatch batch = batches.batch(epoch, index, scope);
            NDArray[] rows =
                    Arrays.stream(batch.rows()).mapToObj(known::get).toArray(NDArray[]::new);
            NDArray states;
            if (Arrays.asList(rows).contains(null)) {
                states = states(batch, scope);
            } else {
                long length = batch.inputs().head().getShape().get(1);
                states = EmbeddingKernel.padRows(rows, length);
                states.attach(scope);
            }
            return batch.withSpan(LayerSpan.from(numLayers, states)); // (B, T, D)
        }
    }

    // The whole model runs, but for the upper layers: what it says does not count.
    private NDArray states(TrainingBatch batch, NDManager scope) {
        ForwardContext context =
                batch.context(precision)
                        .withCapture(Transformer.HIDDEN)
                        .withSpan(LayerSpan.below(numLayers));
        try (GradientMode off = GradientMode.off()) {
            model.forward(
                    new ParameterStore(scope, false), batch.inputs(), false, context.asParams());
        }
        String name = "layers.%d.%s".formatted(numLayers, Transformer.HIDDEN);
        NDArray states = context.captured().get(name);
        if (states == null) {
            throw new IllegalArgumentException(
                    "the model's stack must leave %s, got %s"
                            .formatted(name, context.captured().keySet()));
        }
        return states;
    }

    private static long[] lengths(TrainingBatch batch, Shape states) {
        int rows = Math.toIntExact(states.get(0));
        int length = Math.toIntExact(states.get(1));
        if (batch.rows().length != rows) {
            throw new IllegalArgumentException(
                    "batches must name each row, got %d rows and %d names"
                            .formatted(rows, batch.rows().length));
        }
        long[] lengths = new long[rows];
        Arrays.fill(lengths, length);
        if (batch.mask() == null) {
            return lengths;
        }
        if (!batch.mask().getShape().equals(new Shape(rows, length))) {
            throw new IllegalArgumentException(
                    "mask must have shape (%d, %d), got %s"
                            .formatted(rows, length, batch.mask().getShape()));
        }
        boolean[] kept = batch.mask().toBooleanArray();
        for (int i = 0; i < rows; i++) {
            while (lengths[i] > 0 && !kept[i * length + (int) lengths[i] - 1]) {
                lengths[i]--;
            }
        }
        return lengths;
    }
}
