package org.jzoo.zoo.document;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jzoo.blocks.chunk.StoreBound;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelHash;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

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
public final class LongReader implements DocumentVectors {

    /** Tokens of the longest answer. */
    public static final int ANSWER_TOKENS = 32;

    private final LoadedModel model;
    private final Precision precision;
    private final ReadingProgress progress;
    private final BooleanSupplier cancelled;
    private final int blocks;
    private final int chunkLength;
    private final Work work; // null to keep nothing

    /** Where readings are kept, and of which model: its hash. */
    private record Work(Path folder, String model) {}

    private LongReader(
            LoadedModel model,
            Precision precision,
            ReadingProgress progress,
            BooleanSupplier cancelled,
            int blocks,
            int chunkLength,
            Work work) {
        this.model = model;
        this.blocks = blocks;
        this.chunkLength = chunkLength;
        this.precision = Objects.requireNonNull(precision, "precision");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.cancelled = Objects.requireNonNull(cancelled, "cancelled");
        this.work = work;
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
                model,
                Precision.FLOAT32,
                (c, t, n) -> {},
                () -> false,
                J3Reader.MOST_BLOCKS,
                ((J3Model) model.block()).config().chunkLength(),
                null);
    }

    /** The same with matrix products in another precision. */
    public LongReader withPrecision(Precision value) {
        return new LongReader(model, value, progress, cancelled, blocks, chunkLength, work);
    }

    /** The same, telling somebody of each chunk. */
    public LongReader withProgress(ReadingProgress value) {
        return new LongReader(model, precision, value, cancelled, blocks, chunkLength, work);
    }

    /** The same, ending with a {@link ReadingCancelledException} once this is true. */
    public LongReader withCancelled(BooleanSupplier value) {
        return new LongReader(model, precision, progress, value, blocks, chunkLength, work);
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
        int bound = new StoreBound(value).blocks();
        return new LongReader(model, precision, progress, cancelled, bound, chunkLength, work);
    }

    /**
     * The same, reading other numbers of tokens at once than the model was trained with; see {@link
     * J3Reader#cut}.
     *
     * @param tokens at least 1
     * @throws IllegalArgumentException if {@code tokens} is less than 1
     */
    public LongReader withChunks(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens must be >= 1, got tokens=" + tokens);
        }
        return new LongReader(model, precision, progress, cancelled, blocks, tokens, work);
    }

    /**
     * The same, keeping in a folder what a cancelled or killed reading had come to and what others
     * ended with: the same model asked the same of the same document, its file unchanged, goes on
     * from there with the same result. What a reading under way takes is what the model carries, up
     * to some hundred megabytes; files of documents that changed since are left to whoever made the
     * folder.
     *
     * @param folder made if it is not there
     */
    public LongReader withWork(Path folder) {
        return new LongReader(
                model,
                precision,
                progress,
                cancelled,
                blocks,
                chunkLength,
                new Work(Objects.requireNonNull(folder, "folder"), ModelHash.of(model)));
    }

    /**
     * Answers a question with a stretch of the document.
     *
     * @throws IllegalArgumentException if the model does not answer questions, or the reading is to
     *     be kept of a document that can be read once
     * @throws IOException if the document cannot be read, or is no text
     */
    public LongAnswer answer(LongQuestion question) throws IOException {
        check(SpanTask.class, "answer questions");
        ReadingFolder folder = folder(question.document(), question.question());
        ReadingState before = folder == null ? null : folder.read();
        if (before != null && before.finished()) {
            return before.answer();
        }
        long[] words = model.tokenizer().encodePlain(question.question()).ids();
        try (Reading reading = reading(question.document(), words, folder, before)) {
            Answering answering =
                    new Answering(
                            reading.reader(),
                            Math.max(0, model.config().textModel().padding()),
                            before == null ? null : before.search());
            reading.run(answering);
            LongAnswer answer = answering.finish(reading.chunks().report());
            if (folder != null) {
                folder.finish(ReadingState.answered(answer));
            }
            return answer;
        }
    }

    /**
     * The labels of a document with their probabilities.
     *
     * @throws IllegalArgumentException if the model has no labels, the document is blank, or the
     *     reading is to be kept of one that can be read once
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
     * @throws IllegalArgumentException if the model gives no vectors, the document is blank, or the
     *     reading is to be kept of one that can be read once
     * @throws IOException if the document cannot be read, or is no text
     */
    @Override
    public float[] embed(LongText document) throws IOException {
        check(EmbeddingTask.class, "embed documents");
        return read(document);
    }

    /**
     * Labels stretches of a document, such as names.
     *
     * @param use is handed each stretch while the document is read, in the order of the text
     * @return what was read
     * @throws IllegalArgumentException if the model does not label words, or the reading is to be
     *     kept: what was handed out would be lost to who goes on
     * @throws IOException if the document cannot be read, or is no text
     */
    public ReadingReport labels(LongText document, Consumer<LongLabel> use) throws IOException {
        TokenClassificationTask task =
                (TokenClassificationTask) check(TokenClassificationTask.class, "label words");
        if (work != null) {
            throw new IllegalArgumentException(
                    "work must be left out where words are labelled, got work=" + work.folder());
        }
        LabelJoining joining = new LabelJoining(task.labels(), use);
        try (Reading reading = reading(document, null, null, null)) {
            FramedTokens tokens =
                    new FramedTokens(
                            TextFrame.of(model.tokenizer()), reading.reader(), null, joining::add);
            reading.run(tokens);
            if (tokens.any()) {
                tokens.end();
            }
            joining.finish();
            return reading.chunks().report();
        }
    }

    private float[] read(LongText document) throws IOException {
        ReadingFolder folder = folder(document, "");
        ReadingState before = folder == null ? null : folder.read();
        if (before != null && before.finished()) {
            return before.outputs();
        }
        try (Reading reading = reading(document, null, folder, before)) {
            FramedTokens tokens =
                    new FramedTokens(
                            TextFrame.of(model.tokenizer()),
                            reading.reader(),
                            before == null ? null : before.pending(),
                            FramedTokens.UNHEARD);
            reading.run(tokens);
            if (!tokens.any()) {
                throw new IllegalArgumentException(
                        "document must hold text, got none in " + document.name());
            }
            tokens.end();
            float[] outputs = reading.reader().finish();
            if (folder != null) {
                folder.finish(ReadingState.read(outputs));
            }
            return outputs;
        }
    }

    private ReadingFolder folder(LongText document, String question) throws IOException {
        if (work == null) {
            return null;
        }
        String edition = document.edition();
        if (edition == null) {
            throw new IllegalArgumentException(
                    "document must be a file or a string for its reading to be kept, got "
                            + document.name());
        }
        String reading =
                "%s\n%s\n%s\n%s\n%d\n%d"
                        .formatted(question, edition, work.model(), precision, blocks, chunkLength);
        return new ReadingFolder(work.folder(), reading);
    }

    private Reading reading(
            LongText document, long[] question, ReadingFolder folder, ReadingState before)
            throws IOException {
        J3Model block = (J3Model) model.block();
        NDManager manager = model.manager().newSubManager();
        try {
            ReadingPosition position = ReadingPosition.BEGINNING;
            J3Reader reader;
            if (before == null) {
                reader = new J3Reader(block, manager, precision, question);
                reader.keep(blocks);
                reader.cut(chunkLength);
            } else {
                reader = folder.reader(before, block, manager, precision);
                position = before.position();
            }
            return new Reading(manager, reader, chunks(document, position), folder);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private TokenChunks chunks(LongText document, ReadingPosition position) throws IOException {
        try {
            return TokenChunks.builder()
                    .setSource(document)
                    .setTokens(TextTokens.of(model.tokenizer()))
                    .setSize(chunkLength)
                    .optPosition(position)
                    .optProgress(progress)
                    .optCancelled(cancelled)
                    .build();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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
