package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.translator.TokenLabel;

class LongReaderTest {

    private static final J3Size SIZE = new J3Size(24, 3, 2, 20, 16, 8, 9);
    private static final String TEXT =
            "The lamp is in the hall. ".repeat(9) + "A dog slept there.\fNobody saw it.";
    private static final String QUESTION = "Where is the lamp?";

    @Test
    void theAnswerIsTheBestSpanOfTheWholeModel() throws Exception {
        try (LoadedModel model = model(new SpanTask(0))) {
            LongAnswer answer = LongReader.of(model).answer(LongQuestion.of(TEXT, QUESTION));
            TokenizedText tokens = model.tokenizer().encodePlain(TEXT);
            float[] logits = whole(model, tokens.ids());
            double best = Double.NEGATIVE_INFINITY;
            int[] at = new int[2];
            for (int s = 0; s < tokens.ids().length; s++) {
                // A span ends in its chunk of 16 tokens or in the next.
                for (int e = s; e < Math.min(tokens.ids().length, (s / 16 + 2) * 16); e++) {
                    double score = logits[2 * s] + logits[2 * e + 1];
                    if (score > best) {
                        best = score;
                        at = new int[] {s, e};
                    }
                }
            }
            Evidence first = answer.evidence().get(0);
            assertEquals(tokens.starts()[at[0]], first.start());
            assertEquals(tokens.ends()[at[1]], first.end());
            assertEquals(TEXT.substring((int) first.start(), (int) first.end()), first.answer());
            assertEquals(
                    TEXT.substring((int) first.sentenceStart(), (int) first.sentenceEnd()),
                    first.sentence());
            assertEquals(3, answer.evidence().size());
            assertEquals(tokens.ids().length, answer.reading().tokens());
            assertEquals(TEXT.length(), answer.reading().characters());
        }
    }

    @Test
    void labelsOfADocumentAreThoseOfItsWholeText() throws Exception {
        List<String> names = List.of("O", "B-A", "I-A", "B-B", "I-B");
        int crossing = 0;
        try (LoadedModel model = model(new TokenClassificationTask(names, 0));
                Predictor<String, TokenLabel[]> predictor =
                        model.predictor(String.class, TokenLabel[].class)) {
            for (String text : List.of(TEXT, "Ann", TEXT.repeat(5))) {
                List<LongLabel> read = new ArrayList<>();
                List<Long> chunks = new ArrayList<>();
                ReadingReport report =
                        LongReader.of(model)
                                .withProgress((c, t, n) -> chunks.add(n))
                                .labels(LongText.of(text), read::add);
                assertEquals(text.length(), report.characters());
                List<TokenLabel> whole = List.of(predictor.predict(text));
                assertEquals(whole.size(), read.size());
                for (int i = 0; i < read.size(); i++) {
                    LongLabel label = read.get(i);
                    assertEquals(whole.get(i).token(), label.words());
                    assertEquals(whole.get(i).label(), label.label());
                    assertEquals(whole.get(i).score(), label.score(), 1e-4);
                    assertEquals(whole.get(i).start(), label.start());
                    assertEquals(whole.get(i).end(), label.end());
                    long before =
                            text.substring(0, (int) label.start())
                                    .chars()
                                    .filter(c -> c == '\f')
                                    .count();
                    assertEquals(1 + before, label.page());
                    crossing += label.words().contains(" ") ? 1 : 0;
                }
            }
            assertTrue(crossing > 3, "stretches of several words: " + crossing);
            List<LongLabel> none = new ArrayList<>();
            assertEquals(0, LongReader.of(model).labels(LongText.of(" \n"), none::add).tokens());
            assertEquals(List.of(), none);
            assertEquals(
                    "work must be left out where words are labelled, got work=w",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            LongReader.of(model)
                                                    .withWork(Path.of("w"))
                                                    .labels(LongText.of("a"), none::add))
                            .getMessage());
        }
        try (LoadedModel model = model(new SpanTask(0))) {
            assertEquals(
                    "model must label words, got test with the task SpanTask",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            LongReader.of(model)
                                                    .labels(LongText.of("a"), label -> {}))
                            .getMessage());
        }
    }

    @Test
    void aPredictorAnswersFromFilesAndReaders(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), TEXT);
        try (LoadedModel model = model(new SpanTask(0));
                Predictor<LongQuestion, LongAnswer> predictor =
                        model.predictor(LongQuestion.class, LongAnswer.class);
                Predictor<Input, Output> served = model.predictor(Input.class, Output.class)) {
            LongAnswer expected = LongReader.of(model).answer(LongQuestion.of(TEXT, QUESTION));
            LongAnswer fromFile = predictor.predict(LongQuestion.of(file, QUESTION));
            assertEquals(expected.evidence(), fromFile.evidence());
            LongAnswer fromReader =
                    predictor
                            .batchPredict(
                                    List.of(
                                            LongQuestion.of(
                                                    Files.newBufferedReader(file), QUESTION)))
                            .get(0);
            assertEquals(expected.evidence(), fromReader.evidence());
            Input request = new Input();
            request.add("{\"document\": \"A dog slept.\", \"question\": \"Who slept?\"}");
            assertTrue(served.predict(request).getData().getAsString().contains("\"evidence\""));
        }
    }

    @Test
    void labelsOfADocumentAreThoseOfItsText() throws Exception {
        ClassificationTask task =
                new ClassificationTask(
                        List.of("a", "b", "c"), false, new HeadOption(Pooling.MEAN, null, 0));
        try (LoadedModel model = model(task)) {
            Classifications read = LongReader.of(model).classify(LongText.of(TEXT));
            Classifications whole = model.classify(TEXT);
            for (String label : task.labels()) {
                assertEquals(
                        whole.get(label).getProbability(), read.get(label).getProbability(), 1e-5);
            }
            assertEquals(
                    "document must hold text, got none in text",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> LongReader.of(model).classify(LongText.of(" \n")))
                            .getMessage());
            assertEquals(
                    "model must answer questions, got test with the task ClassificationTask",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            LongReader.of(model)
                                                    .answer(LongQuestion.of(TEXT, QUESTION)))
                            .getMessage());
        }
    }

    @Test
    void tellsProgressAndCanBeCancelled() throws IOException {
        try (LoadedModel model = model(new SpanTask(0))) {
            List<Long> told = new ArrayList<>();
            LongReader reader =
                    LongReader.of(model)
                            .withProgress((chunks, tokens, characters) -> told.add(chunks))
                            .withCancelled(() -> told.size() == 2);
            String text = TEXT.repeat(20);
            assertThrows(
                    ReadingCancelledException.class,
                    () -> reader.answer(LongQuestion.of(text, QUESTION)));
            assertEquals(List.of(1L, 2L), told);
        }
    }

    @Test
    void aCancelledReadingGoesOnWithTheSameAnswer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), TEXT.repeat(20));
        Path work = folder.resolve("work");
        LongQuestion question = LongQuestion.of(file, QUESTION);
        try (LoadedModel model = model(new SpanTask(0))) {
            LongAnswer whole = LongReader.of(model).answer(question);
            List<Long> told = new ArrayList<>();
            LongReader reader =
                    LongReader.of(model)
                            .withWork(work)
                            .withProgress((chunks, tokens, characters) -> told.add(chunks));
            for (int stop : new int[] {2, 3, 7, 20}) {
                int last = stop;
                LongReader cancelled = reader.withCancelled(() -> told.contains((long) last));
                assertThrows(ReadingCancelledException.class, () -> cancelled.answer(question));
            }
            // The chunk at which a reading was cancelled was cut and not read: it comes twice.
            assertEquals(
                    LongStream.concat(
                                    LongStream.of(1, 2, 2, 3, 3, 4, 5, 6, 7),
                                    LongStream.rangeClosed(7, 20))
                            .boxed()
                            .toList(),
                    told);
            assertEquals(2, files(work));
            assertEquals(whole, reader.answer(question));
            assertEquals(1, files(work));

            int before = told.size();
            assertEquals(whole, reader.answer(question));
            assertEquals(before, told.size(), "an answered question was read again");
            reader.answer(LongQuestion.of(file, "Who slept?"));
            assertEquals(before + whole.reading().chunks(), told.size());
            Files.writeString(file, TEXT.repeat(21));
            assertEquals(TEXT.length() * 21L, reader.answer(question).reading().characters());
        }
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void aCancelledReadingGoesOnWithTheSameLabels(@TempDir Path folder) throws IOException {
        ClassificationTask task =
                new ClassificationTask(
                        List.of("a", "b"), false, new HeadOption(Pooling.FIRST, null, 0));
        LongText text = LongText.of(TEXT.repeat(20));
        try (LoadedModel model = model(task)) {
            Classifications whole = LongReader.of(model).classify(text);
            List<Long> told = new ArrayList<>();
            LongReader reader =
                    LongReader.of(model)
                            .withWork(folder)
                            .withProgress((chunks, tokens, characters) -> told.add(chunks));
            assertThrows(
                    ReadingCancelledException.class,
                    () -> reader.withCancelled(() -> told.size() == 5).classify(text));
            assertEquals(whole.getProbabilities(), reader.classify(text).getProbabilities());
            assertEquals(1, Collections.frequency(told, 4L));
            int before = told.size();
            assertEquals(whole.getProbabilities(), reader.classify(text).getProbabilities());
            assertEquals(before, told.size());
        }
    }

    @Test
    void aReadingThatIsKeptSaysWhatIsWrong(@TempDir Path folder) throws IOException {
        try (LoadedModel model = model(new SpanTask(0))) {
            LongReader reader = LongReader.of(model).withWork(folder);
            assertEquals(
                    "document must be a file or a string for its reading to be kept, got reader",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            reader.answer(
                                                    LongQuestion.of(
                                                            new StringReader(TEXT), QUESTION)))
                            .getMessage());
            LongQuestion question = LongQuestion.of(TEXT, QUESTION);
            reader.answer(question);
            Path kept;
            try (Stream<Path> files = Files.list(folder)) {
                kept = files.findFirst().orElseThrow();
            }
            Files.writeString(kept, "{\"position\": 3");
            assertEquals(
                    kept + " must be as it was written, got a damaged one; delete it to begin anew",
                    assertThrows(IOException.class, () -> reader.answer(question)).getMessage());
        }
    }

    @Test
    void readsOtherNumbersOfTokensAtOnce(@TempDir Path folder) throws IOException {
        LongQuestion question = LongQuestion.of(TEXT.repeat(20), QUESTION);
        ModelConfig wide = ModelConfig.of("j3", parts().withChunkLength(40), new SpanTask(0));
        try (LoadedModel model = model(new SpanTask(0));
                LoadedModel other = fresh(wide)) {
            LongReader reader = LongReader.of(model).withChunks(40);
            LongAnswer expected = LongReader.of(other).answer(question);
            LongAnswer own = LongReader.of(model).answer(question);
            assertTrue(own.reading().chunks() > 2 * expected.reading().chunks());
            assertEquals(expected, reader.answer(question));
            List<Long> told = new ArrayList<>();
            LongReader kept =
                    reader.withWork(folder)
                            .withProgress((chunks, tokens, characters) -> told.add(chunks));
            assertThrows(
                    ReadingCancelledException.class,
                    () -> kept.withCancelled(() -> told.size() == 4).answer(question));
            assertEquals(expected, kept.answer(question));
            assertEquals(
                    "tokens must be >= 1, got tokens=0",
                    assertThrows(IllegalArgumentException.class, () -> reader.withChunks(0))
                            .getMessage());
        }
    }

    @Test
    void aBlankDocumentSaysNothing() throws IOException {
        try (LoadedModel model = model(new SpanTask(0))) {
            LongAnswer answer = LongReader.of(model).answer(LongQuestion.of("\n ", QUESTION));
            assertEquals(List.of(), answer.evidence());
            assertEquals(1, answer.noAnswer(), 0);
        }
    }

    @Test
    void refusesOtherModels() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            assertEquals(
                    "model must be a J3 to read texts of any length, got the architecture bert",
                    assertThrows(IllegalArgumentException.class, () -> LongReader.of(model))
                            .getMessage());
        }
    }

    private static LoadedModel model(Task task) {
        return fresh(ModelConfig.of("j3", parts(), task));
    }

    private static J3Config parts() {
        return J3Parts.of(SIZE)
                .optWindow(6)
                .optMemoryTokens(3)
                .optRetrieved(2)
                .build()
                .encoder(TinyModels.VOCABULARY, 0);
    }

    private static LoadedModel fresh(ModelConfig config) {
        return LoadedModel.fresh("test", config, TinyModels.tokenizer(1 << 20), 7, Device.cpu());
    }

    /** The model's logits (1, N, 2) of all tokens at once. */
    private static float[] whole(LoadedModel model, long[] ids) {
        try (NDManager manager = model.manager().newSubManager()) {
            long[] question = model.tokenizer().encodePlain(QUESTION).ids();
            NDArray all = manager.create(ids, new Shape(1, ids.length));
            NDList inputs =
                    new NDList(
                            all,
                            all.zerosLike(),
                            all.gte(0),
                            manager.create(question, new Shape(1, question.length)));
            return model.block()
                    .forward(
                            new ParameterStore(manager, false),
                            inputs,
                            false,
                            new ForwardContext().asParams())
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }
}
