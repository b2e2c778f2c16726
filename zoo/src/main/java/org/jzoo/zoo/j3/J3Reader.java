package org.jzoo.zoo.j3;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.chunk.ChunkAttention;
import org.jzoo.blocks.chunk.ChunkGrowth;
import org.jzoo.blocks.chunk.ChunkStates;
import org.jzoo.blocks.chunk.StoreBound;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;

/**
 * Reads one text of any length, a chunk at a time, in memory that does not grow: of a model whose
 * {@link org.jzoo.blocks.chunk.StoreOption} keeps all blocks, the {@value #MOST_BLOCKS} that matter
 * most stay; see {@link #keep}. It belongs to one thread and records no gradients.
 *
 * <pre>{@code
 * try (J3Reader reader = new J3Reader(model, manager, Precision.FLOAT32, question)) {
 *     while (more()) {
 *         float[][] logits = reader.read(next(reader.chunkLength()));
 *     }
 * }
 * }</pre>
 */
public final class J3Reader implements AutoCloseable {

    /** Blocks of earlier text that are kept unless somebody says otherwise. */
    public static final int MOST_BLOCKS = 1024;

    private static final String QUESTION = "reader#question";
    private static final String TOKENS = "reader#tokens";
    private static final String SUM = "reader#sum";
    private static final String FIRST = "reader#first";
    private static final String BLOCKS = "reader#blocks";
    private static final String CHUNK = "reader#chunk";

    private final J3Model model;
    private final NDManager home;
    private final ParameterStore store;
    private final PooledStates pooled; // null for tasks with outputs for each token
    private int blocks;
    private int chunkLength;
    private ForwardContext context;
    private NDManager memory;
    private long tokens;
    private long[] open = {}; // of a chunk that grows
    private ForwardContext growing; // its states; null if it has none
    private NDManager begun; // owns what all its tokens see
    private NDManager window; // owns what its last pass left; null after the first
    private long[] retrieved = {};

    /**
     * Starts at the beginning of a text.
     *
     * @param model with weights
     * @param manager on the model's device; what is carried from chunk to chunk lives below it
     * @param precision of matrix products
     * @param question what all chunks see; null or empty for nothing
     */
    public J3Reader(J3Model model, NDManager manager, Precision precision, long[] question) {
        this.model = model;
        home = manager.newSubManager();
        store = new ParameterStore(home, false);
        pooled = PooledStates.of(model.task(), model.config().dim());
        context =
                new ForwardContext()
                        .withPrecision(Objects.requireNonNull(precision, "precision"))
                        .withCapture(ChunkAttention.RETRIEVED);
        keep(MOST_BLOCKS);
        chunkLength = model.config().chunkLength();
        if (question != null && question.length > 0) {
            NDArray ids = home.create(question, new Shape(1, question.length)); // (1, Q)
            new J3Question(ids, null).leave(context);
        }
    }

    /**
     * Sets how many blocks of earlier text a model keeps that has no bound of its own.
     *
     * @param blocks at least 1; {@link Integer#MAX_VALUE} keeps all, in memory that grows
     * @throws IllegalStateException if something was read
     */
    public void keep(int blocks) {
        requireBeginning("blocks", blocks);
        new StoreBound(blocks).leave(context);
        this.blocks = blocks;
    }

    /**
     * Sets how many tokens are read at once, where it is not to be what the model was trained with.
     * Longer chunks take fewer and larger steps: less time, above all on a GPU, and more memory.
     * What a chunk carries to the next and looks for in earlier text is then asked less often.
     *
     * @param length at least 1
     * @throws IllegalArgumentException if {@code length} is less than 1
     * @throws IllegalStateException if something was read
     */
    public void cut(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("chunkLength must be >= 1, got " + length);
        }
        requireBeginning("chunkLength", length);
        chunkLength = length;
    }

    private void requireBeginning(String name, int value) {
        if (tokens() > 0) {
            throw new IllegalStateException(
                    "%s must be set before something is read, got %s=%d, tokens=%d"
                            .formatted(name, name, value, tokens()));
        }
    }

    /** How many tokens to give at a time; only the last ones may be fewer. */
    public int chunkLength() {
        return chunkLength;
    }

    /** Tokens that were read. */
    public long tokens() {
        return tokens + open.length;
    }

    /**
     * Reads the next tokens.
     *
     * @param ids at least one, {@link #chunkLength} unless the text ends with them
     * @return the head's outputs for each token; none for tasks with one output a text
     * @throws IllegalArgumentException if there are none or too many
     * @throws IllegalStateException if the text had ended
     */
    public float[][] read(long... ids) {
        endFullChunk();
        check(ids.length);
        try (NDManager working = home.newSubManager();
                GradientMode off = GradientMode.off()) {
            NDArray hidden = advance(working.create(ids, new Shape(1, ids.length))); // (1, T, D)
            tokens += ids.length;
            retrieved = retrieved(context);
            if (pooled == null) {
                return rows(model.outputs(hidden, context));
            }
            pooled.add(rows(hidden));
            return new float[0][];
        }
    }

    private void check(int count) {
        if (count < 1 || count > chunkLength()) {
            throw new IllegalArgumentException(
                    "ids must be 1 to chunkLength tokens, got ids=%d, chunkLength=%d"
                            .formatted(count, chunkLength()));
        }
        if (tokens() % chunkLength() != 0) {
            throw new IllegalStateException(
                    "tokens must be whole chunks until the text ends, got tokens=%d, chunkLength=%d"
                            .formatted(tokens(), chunkLength()));
        }
    }

    /** Reads the next tokens as {@link #read} does, but asks the head nothing. */
    public void skip(long... ids) {
        endFullChunk();
        check(ids.length);
        try (NDManager working = home.newSubManager();
                GradientMode off = GradientMode.off()) {
            advance(working.create(ids, new Shape(1, ids.length)));
            tokens += ids.length;
            retrieved = retrieved(context);
        }
    }

    /**
     * Reads the next tokens of a text that is being written, however few, and says what the head of
     * a causal model says of the last one. A token costs no more than itself: what it sees of the
     * others is kept while their chunk grows. A chunk that is full is read once more, for its
     * memory and blocks.
     *
     * @param ids at least one
     * @throws IllegalArgumentException if there are none, or the model is no decoder
     * @throws IllegalStateException if the text had ended
     */
    public float[] append(long... ids) {
        if (ids.length < 1 || open.length == 0) {
            check(Math.min(ids.length, chunkLength()));
        }
        long[] all = Arrays.copyOf(open, open.length + ids.length);
        System.arraycopy(ids, 0, all, open.length, ids.length);
        int known = open.length;
        int from = 0;
        for (; all.length - from > chunkLength(); from += chunkLength()) {
            endGrowth();
            known = 0;
            skip(Arrays.copyOfRange(all, from, from + chunkLength()));
        }
        float[] last = grow(Arrays.copyOfRange(all, from + known, all.length));
        open = Arrays.copyOfRange(all, from, all.length);
        return last;
    }

    private float[] grow(long[] ids) {
        try (NDManager working = home.newSubManager();
                GradientMode off = GradientMode.off()) {
            boolean begins = growing == null;
            NDManager owner = home.newSubManager();
            ForwardContext next = (begins ? context : growing).next().withMemory(owner);
            (begins ? ChunkGrowth.BEGINS : ChunkGrowth.GOES_ON).leave(next);
            NDArray hidden = forward(working.create(ids, new Shape(1, ids.length)), next);
            if (begins) {
                begun = owner;
                retrieved = retrieved(next);
            } else {
                close(window);
                window = owner;
            }
            growing = next;
            NDArray last = EmbeddingKernel.last(LinearKernel.cast(hidden, Precision.FLOAT32));
            return model.outputs(last, context).toFloatArray();
        }
    }

    // A chunk that grew full is read whole, for its memory and blocks, before what follows it.
    private void endFullChunk() {
        if (open.length == chunkLength()) {
            long[] full = open;
            endGrowth();
            skip(full);
        }
    }

    private void endGrowth() {
        close(begun);
        close(window);
        begun = null;
        window = null;
        growing = null;
        open = new long[0];
    }

    private static void close(NDManager owner) {
        if (owner != null) {
            owner.close();
        }
    }

    private NDArray forward(NDArray ids, ForwardContext now) { // (1, C) to (1, C, D)
        NDList inputs = new NDList(ids);
        return model.chunk().forward(store, inputs, false, now.asParams()).singletonOrThrow();
    }

    private NDArray advance(NDArray ids) {
        NDManager before = memory;
        memory = home.newSubManager();
        context = context.next().withMemory(memory);
        NDArray hidden = forward(ids, context);
        close(before);
        return LinearKernel.cast(hidden, Precision.FLOAT32);
    }

    private static float[][] rows(NDArray outputs) {
        int width = Math.toIntExact(outputs.getShape().tail());
        float[] flat = outputs.toFloatArray();
        float[][] rows = new float[flat.length / width][width];
        for (int t = 0; t < rows.length; t++) {
            System.arraycopy(flat, t * width, rows[t], 0, width);
        }
        return rows;
    }

    /**
     * Writes what was read so far to a file, whole or not at all; see {@link #resume}.
     *
     * @throws IllegalStateException if tokens were appended to a last chunk that is not full
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        endFullChunk();
        if (open.length > 0) {
            throw new IllegalStateException(
                    "a chunk that grows must not be saved, got appended=" + open.length);
        }
        try (NDManager working = home.newSubManager();
                GradientMode off = GradientMode.off()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>(ChunkStates.arrays(context.states()));
            J3Question question = J3Question.of(context);
            if (question != null) {
                arrays.put(QUESTION, question.ids());
            }
            arrays.put(TOKENS, working.create(new long[] {tokens}));
            arrays.put(BLOCKS, working.create(new long[] {blocks}));
            arrays.put(CHUNK, working.create(new long[] {chunkLength}));
            double[] none = new double[model.config().dim()];
            arrays.put(SUM, working.create(pooled == null ? none : pooled.sum()));
            if (pooled != null && pooled.first() != null) {
                arrays.put(FIRST, working.create(pooled.first()));
            }
            SafetensorsWriter.write(file, TensorSource.ofArrays("the reader", arrays));
        }
    }

    /**
     * Goes on where {@link #save} left off.
     *
     * @param model the same as then
     * @param manager on the model's device
     * @param precision of matrix products
     * @throws IOException if the file cannot be read
     * @throws MalformedModelException if it holds something else
     */
    public static J3Reader resume(J3Model model, NDManager manager, Precision precision, Path file)
            throws IOException, MalformedModelException {
        Safetensors saved = Safetensors.open(file);
        if (!saved.entries().containsKey(TOKENS)
                || saved.entries().get(SUM).shape().size() != model.config().dim()) {
            throw new MalformedModelException(
                    file + ": must hold what a reader of this model saved");
        }
        J3Reader reader = new J3Reader(model, manager, precision, null);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        reader.memory = reader.home.newSubManager();
        for (String name : saved.entries().keySet()) {
            arrays.put(name, saved.toNDArray(reader.memory, name));
        }
        try (GradientMode off = GradientMode.off()) {
            reader.context.withStates(ChunkStates.states(arrays, precision));
        }
        if (arrays.containsKey(QUESTION)) {
            arrays.get(QUESTION).attach(reader.home);
            new J3Question(arrays.get(QUESTION), null).leave(reader.context);
        }
        if (arrays.containsKey(BLOCKS)) { // files of readers that kept all have none
            reader.keep(Math.toIntExact(arrays.get(BLOCKS).getLong(0)));
        }
        if (arrays.containsKey(CHUNK)) { // files of readers that knew one length have none
            reader.cut(Math.toIntExact(arrays.get(CHUNK).getLong(0)));
        }
        reader.tokens = arrays.get(TOKENS).getLong(0);
        if (reader.pooled != null) {
            reader.pooled.restore(
                    arrays.get(SUM).toDoubleArray(),
                    arrays.containsKey(FIRST) ? arrays.get(FIRST).toFloatArray() : null);
        }
        return reader;
    }

    /**
     * The head's output for all that was read, such as logits of classes or an embedding.
     *
     * @throws IllegalStateException if the task has outputs for each token, or nothing was read
     */
    public float[] finish() {
        if (pooled == null || tokens == 0) {
            throw new IllegalStateException(
                    "the task must have one output a text and something must have been read, got task=%s, tokens=%d"
                            .formatted(model.task().getClass().getSimpleName(), tokens));
        }
        float[] vector = pooled.vector(tokens);
        try (NDManager working = home.newSubManager()) {
            NDArray one = working.create(vector, new Shape(1, 1, vector.length));
            return model.outputs(one, context).toFloatArray();
        }
    }

    /**
     * The blocks of earlier text that the last chunk found again in its last layer that looks for
     * some, best first: block b begins at token {@code b · S} if chunks are whole blocks.
     */
    public long[] retrievedBlocks() {
        return retrieved.clone();
    }

    private static long[] retrieved(ForwardContext context) {
        return context.captured().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ChunkAttention.RETRIEVED))
                .reduce((earlier, later) -> later)
                .map(entry -> entry.getValue().toLongArray())
                .orElse(new long[0]);
    }

    @Override
    public void close() {
        home.close();
    }
}
