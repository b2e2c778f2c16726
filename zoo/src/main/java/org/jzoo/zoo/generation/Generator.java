package org.jzoo.zoo.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.decoder.TextDecoder;

/**
 * Continues token sequences with a decoder. It keeps nothing between calls, so that many threads
 * may share one.
 *
 * <p>Prompts of unequal length are padded on the left, masked, and counted from their own first
 * token. A row ends at an end token, at the most new tokens, at the decoder's longest input, or
 * when its listener says so; the call returns when all rows have ended.
 */
public final class Generator implements TokenGenerator {

    private final TextDecoder decoder;
    private final Set<Long> endTokens;
    private final GenerationConfig config;

    /**
     * Creates a generator.
     *
     * @param decoder with weights
     * @param endTokens tokens that end a row; they are not part of it
     * @param config how to choose tokens
     */
    public Generator(TextDecoder decoder, List<Long> endTokens, GenerationConfig config) {
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.endTokens = Set.copyOf(endTokens);
        this.config = Objects.requireNonNull(config, "config");
    }

    /** How this generator chooses tokens. */
    public GenerationConfig config() {
        return config;
    }

    /** As {@link #generate(NDManager, List, TokenListener)}, heard by nobody. */
    public List<long[]> generate(NDManager manager, List<long[]> prompts) {
        return generate(manager, prompts, TokenListener.NONE);
    }

    /**
     * Continues prompts.
     *
     * @param manager on the decoder's device; nothing of the call stays attached
     * @param prompts token ids, one row each, at least one token and fewer than the longest input
     * @param listener hears of each token and may end a row
     * @return the new tokens of each row, without end tokens
     * @throws IllegalArgumentException if a prompt is empty or too long, or if a cache is asked for
     *     that the decoder's mixers do not keep
     */
    @Override
    public List<long[]> generate(NDManager manager, List<long[]> prompts, TokenListener listener) {
        return generate(manager, null, prompts, listener);
    }

    /**
     * Continues prompts that come after vectors, such as an image's.
     *
     * @param manager as above
     * @param prefix what stands before each prompt, as if it were embeddings of tokens, (B, P, D)
     *     float32; null for nothing. With a cache it is read once
     * @param prompts as above, one for each row of the prefix; P counts towards their length
     * @param listener as above
     * @return as above
     * @throws IllegalArgumentException as above
     */
    public List<long[]> generate(
            NDManager manager, NDArray prefix, List<long[]> prompts, TokenListener listener) {
        int vectors = prefix == null ? 0 : Math.toIntExact(prefix.getShape().get(1));
        prompts.forEach(prompt -> check(vectors, prompt));
        if (prompts.isEmpty()) {
            return List.of();
        }
        try (GradientMode off = GradientMode.off();
                NDManager session = manager.newSubManager()) {
            Rows rows = new Rows(vectors, prompts);
            ParameterStore weights = new NarrowWeights(decoder, config.precision(), session);
            NDArray output = decoder.tiedOutput(config.precision(), session);
            Map<String, Object> states = Map.of();
            int from = 0;
            while (!rows.allEnded()) {
                try (NDManager step = session.newSubManager()) {
                    ForwardContext context = context(rows, from, session, step).withStates(states);
                    Pass pass = Pass.of(weights, false, context.asParams());
                    NDArray before = rows.vectors(from) > 0 ? prefix : null; // (B, P, D)
                    NDArray hidden =
                            decoder.hidden(before, rows.tokens(step, from), pass); // (B, T, D)
                    NDArray last = EmbeddingKernel.last(hidden); // (B, 1, D)
                    float[] logits = decoder.logits(last, output, pass).toFloatArray();
                    states = context.states();
                    check(states);
                    int read = rows.length;
                    rows.add(logits, listener);
                    from = config.cached() ? read : rows.firstNeeded();
                }
            }
            return rows.added();
        }
    }

    private void check(int vectors, long... prompt) {
        if (prompt.length < 1 || vectors + prompt.length >= decoder.config().maxLength()) {
            throw new IllegalArgumentException(
                    "a prompt must have at least one token and fewer than maxLength, got length=%d, maxLength=%d"
                            .formatted(vectors + prompt.length, decoder.config().maxLength()));
        }
    }

    // A mixer without a cache would take the last token for the whole text.
    private void check(Map<String, Object> states) {
        int layers = decoder.config().stack().numLayers();
        if (config.cached() && states.size() < layers) {
            throw new IllegalArgumentException(
                    "cached must be false for mixers that keep no cache, got cached=true, layers=%d, with a cache=%d"
                            .formatted(layers, states.size()));
        }
    }

    private ForwardContext context(Rows rows, int from, NDManager session, NDManager step) {
        int first = config.cached() ? 0 : from; // the column of the first key
        ForwardContext context =
                new ForwardContext()
                        .withPrecision(config.precision())
                        .withCache(config.cached() ? session : null);
        if (rows.padded(first)) {
            context.withMask(rows.mask(step, first));
        }
        if (rows.padded(first) || decoder.config().position() != null) {
            context.withPositions(rows.positions(step, from));
        }
        return context;
    }

    /** The tokens so far, all rows ending at the same column. */
    private final class Rows {

        private final long[][] tokens; // [row][column]
        private final int[] starts; // columns of padding before each row
        private final int[] ends; // the column after a row's last token; 0 while it goes on
        private final TokenChoice[] choices;
        private final int promptLength;
        private final int vectors; // before the first column
        private int length;

        Rows(int vectors, List<long[]> prompts) {
            this.vectors = vectors;
            int size = prompts.size();
            promptLength = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
            length = promptLength;
            long filler = Math.max(0, decoder.config().padding());
            tokens = new long[size][promptLength + config.maxNewTokens()];
            starts = new int[size];
            ends = new int[size];
            choices = new TokenChoice[size];
            for (int b = 0; b < size; b++) {
                long[] prompt = prompts.get(b);
                starts[b] = promptLength - prompt.length;
                Arrays.fill(tokens[b], filler);
                System.arraycopy(prompt, 0, tokens[b], starts[b], prompt.length);
                choices[b] = new TokenChoice(config, b);
            }
        }

        boolean padded(int first) {
            return Arrays.stream(starts).anyMatch(start -> start > first);
        }

        /** The first column that a row which goes on has a token in. */
        int firstNeeded() {
            return IntStream.range(0, starts.length)
                    .filter(b -> ends[b] == 0)
                    .map(b -> starts[b])
                    .min()
                    .orElse(0);
        }

        boolean allEnded() {
            return Arrays.stream(ends).allMatch(end -> end > 0);
        }

        NDArray tokens(NDManager manager, int from) {
            long[] flat = new long[tokens.length * (length - from)];
            for (int b = 0; b < tokens.length; b++) {
                System.arraycopy(tokens[b], from, flat, b * (length - from), length - from);
            }
            return manager.create(flat, new Shape(tokens.length, length - from)); // (B, T)
        }

        /** How many vectors are read before column {@code from}: a cache has them already. */
        int vectors(int from) {
            return config.cached() && from > 0 ? 0 : vectors;
        }

        NDArray mask(NDManager manager, int first) {
            int keys = vectors + length - first;
            boolean[] flat = new boolean[tokens.length * keys];
            for (int b = 0; b < tokens.length; b++) {
                int row = b * keys;
                Arrays.fill(flat, row, row + vectors, true);
                int start = vectors + Math.max(0, starts[b] - first);
                Arrays.fill(flat, row + start, row + keys, true);
            }
            return manager.create(flat, new Shape(tokens.length, keys)); // (B, S)
        }

        // Padding and what follows the end of a row have positions too, but none that counts.
        NDArray positions(NDManager manager, int from) {
            int read = vectors(from);
            int count = read + length - from;
            int last = decoder.config().maxLength() - 1;
            long[] flat = new long[tokens.length * count];
            for (int i = 0; i < flat.length; i++) {
                int column = i % count - read; // negative for vectors
                int token = Math.max(0, from + column - starts[i / count]);
                flat[i] = Math.min(last, vectors + (column < 0 ? column : token));
            }
            return manager.create(flat, new Shape(tokens.length, count)); // (B, T)
        }

        void add(float[] logits, TokenListener listener) {
            int size = logits.length / tokens.length;
            for (int b = 0; b < tokens.length; b++) {
                if (ends[b] > 0) {
                    continue;
                }
                float[] own = Arrays.copyOfRange(logits, b * size, (b + 1) * size);
                long[] before = Arrays.copyOfRange(tokens[b], starts[b], length);
                long token = choices[b].next(own, before);
                if (endTokens.contains(token)) {
                    ends[b] = length;
                    continue;
                }
                tokens[b][length] = token;
                int now = length + 1;
                boolean room =
                        now < tokens[b].length
                                && vectors + now - starts[b] < decoder.config().maxLength();
                if (!listener.onToken(b, token) || !room) {
                    ends[b] = now;
                }
            }
            length++;
        }

        List<long[]> added() {
            long[][] rows = new long[tokens.length][];
            for (int b = 0; b < rows.length; b++) {
                rows[b] = Arrays.copyOfRange(tokens[b], promptLength, ends[b]);
            }
            return List.of(rows);
        }
    }
}
