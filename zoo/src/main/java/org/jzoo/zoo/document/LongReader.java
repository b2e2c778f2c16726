package org.jzoo.zoo.document;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jzoo.blocks.chunk.StoreBound;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TokenizedText;

/**
 * Reads documents of any length with a J3, holding a few chunks of them. Safe for many threads, as
 * the model is.
 *
 * <pre>{@code
 * try (LoadedModel model = Zoo.load("my-j3", Device.cpu())) {
 *     LongAnswer answer = LongReader.of(model).answer(LongQuestion.of(path, "Who wrote it?"));
 * }
 * }</pre>
 */
public final class LongReader {

    /** Tokens of the longest answer. */
    public static final int ANSWER_TOKENS = 32;

    private static final int EVIDENCE = 3;

    private final LoadedModel model;
    private final Precision precision;
    private final ReadingProgress progress;
    private final BooleanSupplier cancelled;
    private final int blocks;

    private LongReader(
            LoadedModel model,
            Precision precision,
            ReadingProgress progress,
            BooleanSupplier cancelled,
            int blocks) {
        this.model = model;
        this.blocks = blocks;
        this.precision = Objects.requireNonNull(precision, "precision");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.cancelled = Objects.requireNonNull(cancelled, "cancelled");
    }

    /**
     * Reads with a model, which stays open, in float32.
     *
     * @throws IllegalArgumentException if the model is no J3
     */
    public static LongReader of(LoadedModel model) {
        if (!(model.block() instanceof J3Model)) {
            throw new IllegalArgumentException(
                    "model must be a J3 to read texts of any length, got the architecture "
                            + model.config().architecture());
        }
        return new LongReader(
                model, Precision.FLOAT32, (c, t, n) -> {}, () -> false, J3Reader.MOST_BLOCKS);
    }

    /** The same with matrix products in another precision. */
    public LongReader withPrecision(Precision value) {
        return new LongReader(model, value, progress, cancelled, blocks);
    }

    /** The same, telling somebody of each chunk. */
    public LongReader withProgress(ReadingProgress value) {
        return new LongReader(model, precision, value, cancelled, blocks);
    }

    /** The same, ending with a {@link ReadingCancelledException} once this is true. */
    public LongReader withCancelled(BooleanSupplier value) {
        return new LongReader(model, precision, progress, value, blocks);
    }

    /**
     * The same, keeping another number of blocks of earlier text to be found again than the {@value
     * J3Reader#MOST_BLOCKS} that matter most; see {@link J3Reader#keep}.
     *
     * @param value at least 1; {@link Integer#MAX_VALUE} keeps all, in memory that grows with the
     *     document
     * @throws IllegalArgumentException if {@code value} is less than 1
     */
    public LongReader withBlocks(int value) {
        return new LongReader(
                model, precision, progress, cancelled, new StoreBound(value).blocks());
    }

    /**
     * Answers a question with a stretch of the document.
     *
     * @throws IllegalArgumentException if the model does not answer questions
     * @throws IOException if the document cannot be read, or is no text
     */
    public LongAnswer answer(LongQuestion question) throws IOException {
        check(SpanTask.class, "answer questions");
        long[] words = model.tokenizer().encodePlain(question.question()).ids();
        try (NDManager manager = model.manager().newSubManager();
                J3Reader reader = reader(manager, words);
                TokenChunks chunks = chunks(question.document())) {
            AnswerSearch search = new AnswerSearch(ANSWER_TOKENS, EVIDENCE);
            while (chunks.hasNext()) {
                TokenChunk chunk = chunks.next();
                float[][] logits = reader.read(whole(chunk.ids(), chunks.hasNext()));
                search.add(chunk, Arrays.copyOf(logits, chunk.length()));
            }
            return search.finish(chunks.report());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The labels of a document with their probabilities.
     *
     * @throws IllegalArgumentException if the model has no labels, or the document is blank
     * @throws IOException if the document cannot be read, or is no text
     */
    public Classifications classify(LongText document) throws IOException {
        ClassificationTask task =
                (ClassificationTask) check(ClassificationTask.class, "label documents");
        float[] logits = read(document);
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        List<Double> probabilities = new ArrayList<>();
        double sum = 0;
        for (float logit : logits) {
            probabilities.add(Math.exp(logit - max));
            sum += probabilities.get(probabilities.size() - 1);
        }
        double all = sum;
        probabilities.replaceAll(p -> p / all);
        return new Classifications(task.labels(), probabilities);
    }

    /**
     * The vector of a document.
     *
     * @throws IllegalArgumentException if the model gives no vectors, or the document is blank
     * @throws IOException if the document cannot be read, or is no text
     */
    public float[] embed(LongText document) throws IOException {
        check(EmbeddingTask.class, "embed documents");
        return read(document);
    }

    private float[] read(LongText document) throws IOException {
        try (NDManager manager = model.manager().newSubManager();
                J3Reader reader = reader(manager, null);
                TokenChunks chunks = chunks(document)) {
            if (!chunks.hasNext()) {
                throw new IllegalArgumentException(
                        "document must hold text, got none in " + document.name());
            }
            feed(chunks, reader);
            return reader.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Reads the tokens between those that stand for a text's beginning and end. */
    private void feed(TokenChunks chunks, J3Reader reader) {
        TokenizedText frame = model.tokenizer().encode("a");
        int at = 0;
        long[] next = new long[reader.chunkLength()];
        for (int i = 0; i < frame.ids().length && frame.ends()[i] <= 0; i++) {
            at = push(frame.ids()[i], next, at, reader);
        }
        while (chunks.hasNext()) {
            for (long id : chunks.next().ids()) {
                at = push(id, next, at, reader);
            }
        }
        boolean after = false;
        for (int i = 0; i < frame.ids().length; i++) {
            after |= frame.ends()[i] > 0;
            if (after && frame.ends()[i] <= 0) {
                at = push(frame.ids()[i], next, at, reader);
            }
        }
        if (at > 0) {
            reader.read(Arrays.copyOf(next, at));
        }
    }

    private static int push(long id, long[] next, int at, J3Reader reader) {
        int filled = at;
        if (filled == next.length) {
            reader.read(next.clone());
            filled = 0;
        }
        next[filled] = id;
        return filled + 1;
    }

    /** Fills a chunk that is short though more text follows: after a megabyte of white space. */
    private long[] whole(long[] ids, boolean more) {
        int length = ((J3Model) model.block()).config().chunkLength();
        if (!more || ids.length == length) {
            return ids;
        }
        long[] filled = Arrays.copyOf(ids, length);
        J3Config config = (J3Config) model.config().model();
        Arrays.fill(filled, ids.length, length, Math.max(0, config.padding()));
        return filled;
    }

    private J3Reader reader(NDManager manager, long[] question) {
        J3Reader reader = new J3Reader((J3Model) model.block(), manager, precision, question);
        reader.keep(blocks);
        return reader;
    }

    private TokenChunks chunks(LongText document) throws IOException {
        return TokenChunks.builder()
                .setSource(document)
                .setTokens(TextTokens.of(model.tokenizer()))
                .setSize(((J3Model) model.block()).config().chunkLength())
                .optProgress(progress)
                .optCancelled(cancelled)
                .build();
    }

    private Task check(Class<? extends Task> wanted, String what) {
        Task task = model.config().task();
        if (!wanted.isInstance(task)) {
            throw new IllegalArgumentException(
                    "model must %s, got %s with the task %s"
                            .formatted(what, model.name(), task.getClass().getSimpleName()));
        }
        return task;
    }
}
