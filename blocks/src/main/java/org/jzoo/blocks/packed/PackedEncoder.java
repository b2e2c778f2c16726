package org.jzoo.blocks.packed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jzoo.blocks.kernel.EncoderKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;

/**
 * A trained post-norm encoder of BERT's kind, packed for inference on CPU.
 *
 * <p>It copies the weights that it is given, so that later changes of them do not show, except the
 * table of words: that one is shared, and stays alive as long as somebody has it. All layers run in
 * one call, and any number of threads may use it at once.
 *
 * <p>Attention is multi-head over D features, the feed-forward has the exact GELU, norms are layer
 * norms. Batches with padding run their matrix products on the tokens only.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2018, BERT</a>
 */
public final class PackedEncoder implements AutoCloseable {

    private final PackedMode mode;
    private final long dim;
    private final long maxTokens;
    private final long vocabularySize;
    // One, or with FASTEST those that some batch takes.
    private final Map<PackedMode, EncoderKernel> kernels = new EnumMap<>(PackedMode.class);
    private final MeasuredChoice<PackedMode> fastest;
    // Calls share it, close() takes it alone.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Copies weights into the layout of {@code mode}.
     *
     * @param embeddings tables of width D; the words are shared, not copied
     * @param layers at least one, of width D
     * @param numHeads attention heads (H) of a layer that has all of them, a divisor of D; a head
     *     has D/H features
     * @param epsilon added to the variance in every norm, positive
     * @param mode numbers to multiply with
     * @throws IllegalArgumentException if there is no layer, or a shape or number does not fit
     */
    public PackedEncoder(
            EmbeddingWeights embeddings,
            List<LayerWeights> layers,
            int numHeads,
            double epsilon,
            PackedMode mode) {
        this.mode = mode.resolve();
        dim = embeddings.positions().getShape().tail();
        maxTokens = embeddings.positions().getShape().get(0);
        vocabularySize = embeddings.words().getShape().get(0);
        check(embeddings, layers, numHeads, epsilon);
        int headSize = (int) dim / numHeads;
        WordScales scales = embeddings.wordScales();
        NDArray[] tables = {
            embeddings.words(),
            embeddings.positions(),
            embeddings.types(),
            embeddings.norm().weight(),
            embeddings.norm().bias(),
            scales == null ? null : scales.scale(),
            scales == null ? null : scales.zero()
        };
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            NDArray[] arrays = arrays(layers, manager);
            fastest =
                    this.mode == PackedMode.FASTEST
                            ? FastestModes.of(tables, firstLayer(arrays, layers), headSize, epsilon)
                            : null;
            Set<PackedMode> used = fastest == null ? Set.of(this.mode) : fastest.used();
            for (PackedMode each : used) {
                kernels.put(each, each.kernel(tables, arrays, headSize, epsilon));
            }
        }
    }

    /** The numbers it multiplies with; never AUTO. */
    public PackedMode mode() {
        return mode;
    }

    /** The numbers that a batch of this many tokens, padding included, is multiplied with. */
    public PackedMode mode(long tokens) {
        return fastest == null ? mode : fastest.at(tokens);
    }

    /** Width of the hidden state (D). */
    public long dim() {
        return dim;
    }

    /** Tokens of the longest row (P). */
    public long maxTokens() {
        return maxTokens;
    }

    /** Rows of the table of words (V). */
    public long vocabularySize() {
        return vocabularySize;
    }

    /**
     * Computes the last hidden state.
     *
     * @param ids (B, T) int64 or int32, each in [0, V), T at most P
     * @param mask (B, T) of any type, not 0 where a token is; null when no position is padding
     * @param types (B, T) int64 or int32, each in [0, Y); null for type 0
     * @return (B, T, D) float32, on the manager of {@code ids}; 0 where no token is
     * @throws IllegalArgumentException if T is above P or the shapes differ
     * @throws IllegalStateException if closed
     */
    public NDArray hiddenState(NDArray ids, NDArray mask, NDArray types) {
        check(ids, mask, types);
        return whileOpen(() -> kernel(ids).hiddenState(ids, mask, types));
    }

    /**
     * Computes the mean of the last hidden state over the tokens of each row, scaled to length 1,
     * as sentence encoders do; parameters and errors as in {@link #hiddenState}.
     *
     * @return (B, D) float32, on the manager of {@code ids}; a row without tokens gives 0
     */
    public NDArray embedding(NDArray ids, NDArray mask, NDArray types) {
        check(ids, mask, types);
        return whileOpen(() -> kernel(ids).embedding(ids, mask, types));
    }

    /**
     * Computes {@link #embedding(NDArray, NDArray, NDArray)} of rows that may differ in length.
     *
     * @param manager of the result
     * @param ids B rows of token ids, each in [0, V), none longer than P
     * @return (B, D) float32
     */
    public NDArray embedding(NDManager manager, long[][] ids) {
        int longest = 0;
        boolean ragged = false;
        for (long[] row : ids) {
            ragged |= row.length != ids[0].length;
            longest = Math.max(longest, row.length);
        }
        if (longest == 0) {
            throw new IllegalArgumentException(
                    "ids must have at least one token, got rows=" + ids.length);
        }
        long[] padded = new long[ids.length * longest];
        boolean[] kept = new boolean[padded.length];
        for (int b = 0; b < ids.length; b++) {
            System.arraycopy(ids[b], 0, padded, b * longest, ids[b].length);
            Arrays.fill(kept, b * longest, b * longest + ids[b].length, true);
        }
        Shape shape = new Shape(ids.length, longest);
        try (NDManager local = manager.newSubManager()) {
            NDArray mask = ragged ? local.create(kept, shape) : null;
            NDArray result = embedding(local.create(padded, shape), mask, null);
            result.attach(manager);
            return result;
        }
    }

    /** Frees the weights, after the calls under way; closing twice does nothing. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                kernels.values().forEach(EncoderKernel::close);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private EncoderKernel kernel(NDArray ids) {
        return kernels.get(mode(ids.size()));
    }

    private NDArray whileOpen(Supplier<NDArray> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the packed encoder must be open, got closed");
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void check(NDArray ids, NDArray mask, NDArray types) {
        Shape shape = ids.getShape();
        if (shape.dimension() != 2 || shape.get(1) > maxTokens) {
            throw new IllegalArgumentException(
                    "ids must have shape (B, T) with T <= %d, got ids=%s"
                            .formatted(maxTokens, shape));
        }
        for (NDArray other : new NDArray[] {mask, types}) {
            if (other != null && !other.getShape().equals(shape)) {
                throw new IllegalArgumentException(
                        "mask and types must have the shape of ids, got %s, ids=%s"
                                .formatted(other.getShape(), shape));
            }
        }
    }

    private void check(
            EmbeddingWeights embeddings, List<LayerWeights> layers, int numHeads, double epsilon) {
        if (layers.isEmpty() || numHeads < 1 || dim % numHeads != 0 || !(epsilon > 0)) {
            throw new IllegalArgumentException(
                    "layers must not be empty, numHeads must divide dim and epsilon must be > 0,"
                            + " got layers=%d, numHeads=%d, dim=%d, epsilon=%s"
                                    .formatted(layers.size(), numHeads, dim, epsilon));
        }
        if (embeddings.wordScales() == null) {
            expect("words", embeddings.words(), vocabularySize, dim);
        }
        expect("positions", embeddings.positions(), maxTokens, dim);
        if (embeddings.types() != null) {
            expect("types", embeddings.types(), embeddings.types().getShape().get(0), dim);
        }
        expectNorm("embedding norm", embeddings.norm());
        for (int i = 0; i < layers.size(); i++) {
            LayerWeights layer = layers.get(i);
            AttentionWeights attention = layer.attention();
            long width = layer.inner().bias().size();
            long heads = heads(i, attention, dim / numHeads);
            expect("layer " + i + " query", attention.query(), heads, dim);
            expect("layer " + i + " key", attention.key(), heads, dim);
            expect("layer " + i + " value", attention.value(), heads, dim);
            expect("layer " + i + " output", attention.output(), dim, heads);
            expectNorm("layer " + i + " attentionNorm", layer.attentionNorm());
            expect("layer " + i + " inner", layer.inner(), width, dim);
            expect("layer " + i + " outer", layer.outer(), dim, width);
            expectNorm("layer " + i + " outerNorm", layer.outerNorm());
        }
    }

    // Features of all heads of a layer, whose number may differ from layer to layer.
    private static long heads(int layer, AttentionWeights attention, long headSize) {
        long features = attention.query().bias().size();
        if (features % headSize != 0) {
            throw new IllegalArgumentException(
                    "layer %d query must have a multiple of %d features, got features=%d"
                            .formatted(layer, headSize, features));
        }
        return features;
    }

    private void expectNorm(String name, AffineWeights norm) {
        expect(name + " weight", norm.weight(), dim);
        expect(name + " bias", norm.bias(), dim);
    }

    private static void expect(String name, AffineWeights map, long out, long in) {
        expect(name + " weight", map.weight(), out, in);
        expect(name + " bias", map.bias(), out);
    }

    private static void expect(String name, NDArray array, long... sizes) {
        Shape shape = new Shape(sizes);
        if (!array.getShape().equals(shape) || array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "%s must be float32 of shape %s, got %s of shape %s"
                            .formatted(name, shape, array.getDataType(), array.getShape()));
        }
    }

    private static NDArray[] firstLayer(NDArray[] arrays, List<LayerWeights> layers) {
        return Arrays.copyOf(arrays, arrays.length / layers.size());
    }

    // In the kernel's order, with the three projections joined into one.
    private static NDArray[] arrays(List<LayerWeights> layers, NDManager manager) {
        List<NDArray> arrays = new ArrayList<>();
        for (LayerWeights layer : layers) {
            AttentionWeights a = layer.attention();
            arrays.add(join(manager, a.query().weight(), a.key().weight(), a.value().weight()));
            arrays.add(join(manager, a.query().bias(), a.key().bias(), a.value().bias()));
            for (AffineWeights map :
                    List.of(
                            a.output(),
                            layer.attentionNorm(),
                            layer.inner(),
                            layer.outer(),
                            layer.outerNorm())) {
                arrays.add(map.weight());
                arrays.add(map.bias());
            }
        }
        return arrays.toArray(new NDArray[0]);
    }

    private static NDArray join(NDManager manager, NDArray... parts) {
        NDArray joined = NDArrays.concat(new NDList(parts)); // (3·D, D) or (3·D)
        joined.attach(manager);
        return joined;
    }
}
