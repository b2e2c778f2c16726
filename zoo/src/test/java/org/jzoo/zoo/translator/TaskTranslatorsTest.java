package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import ai.djl.util.StringPair;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.testing.TinyModels;

/** Every task's inputs and answers, through DJL's predictor, on models with fresh weights. */
class TaskTranslatorsTest {

    private static final List<String> TEXTS =
            List.of("", "a", "🙂👩‍👩‍👧 emoji", "word ".repeat(200), "Bergmütze, 北京", "\n\t ");

    @Test
    void aBatchAnswersAsItsTextsDoAlone() throws TranslateException {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                Predictor<String, float[]> one = model.predictor(String.class, float[].class);
                Predictor<String[], float[][]> many =
                        model.predictor(String[].class, float[][].class)) {
            List<float[]> batch = one.batchPredict(TEXTS);
            float[][] array = many.predict(TEXTS.toArray(new String[0]));
            float[][] listed = model.embed(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                float[] alone = one.predict(TEXTS.get(i));
                assertEquals(8, alone.length);
                assertArrayEquals(alone, batch.get(i), 1e-6f);
                assertArrayEquals(alone, array[i], 1e-6f);
                assertArrayEquals(alone, listed[i], 1e-6f);
                assertArrayEquals(alone, model.embed(TEXTS.get(i)));
            }
            assertEquals(0, many.predict(new String[0]).length);
            assertEquals(0, model.embed(List.of()).length);
        }
    }

    @Test
    void whatIsTooLongIsCut() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            assertArrayEquals(model.embed("word ".repeat(22)), model.embed("word ".repeat(900)));
        }
    }

    @Test
    void nullIsRefusedWithAReason() {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false))) {
            IllegalArgumentException e =
                    assertThrows(
                            IllegalArgumentException.class, () -> model.classify((String) null));
            assertEquals("text must be a text, got text=null", e.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> model.classify(Collections.singletonList(null)));
            assertThrows(NullPointerException.class, () -> new TextPair("a", null));
        }
    }

    @Test
    void textsAndPairsAreClassified() throws TranslateException {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false));
                Predictor<TextPair, Classifications> pairs =
                        model.predictor(TextPair.class, Classifications.class);
                Predictor<StringPair, Classifications> djlPairs =
                        model.predictor(StringPair.class, Classifications.class)) {
            Classifications text = model.classify("fine");
            assertEquals(List.of("bad", "so-so", "good"), text.getClassNames());
            assertEquals(1, text.getProbabilities().stream().mapToDouble(p -> p).sum(), 1e-9);
            Classifications pair = pairs.predict(new TextPair("fine", "day"));
            assertEquals(
                    pair.getProbabilities(),
                    djlPairs.predict(new StringPair("fine", "day")).getProbabilities());
            assertTrue(
                    Math.abs(pair.get("bad").getProbability() - text.get("bad").getProbability())
                            > 1e-6,
                    "the second text counts");
        }
    }

    @Test
    void aModelOfPairsRefusesSingleTexts() {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(true))) {
            assertEquals(3, model.classify(new TextPair("a", "b")).getClassNames().size());
            assertThrows(IllegalArgumentException.class, () -> model.classify("a"));
        }
    }

    @Test
    void regressionAnswersWithNumbers() throws TranslateException {
        try (LoadedModel model = TinyModels.of(new RegressionTask(false, HeadOption.BERT));
                Predictor<String[], float[]> many = model.predictor(String[].class, float[].class);
                Predictor<String, float[]> vector = model.predictor(String.class, float[].class)) {
            float score = model.score("three words here");
            assertEquals(score, vector.predict("three words here")[0]);
            assertEquals(score, many.predict(new String[] {"x", "three words here"})[1], 1e-6f);
            assertTrue(Float.isFinite(model.score(new TextPair("a", "b"))));
        }
    }

    @Test
    void tokensAreLabelledAndMasksFilled() {
        try (LoadedModel tokens =
                        TinyModels.of(new TokenClassificationTask(List.of("A", "B"), 0.1));
                LoadedModel words = TinyModels.of(new MaskedWordsTask(Activation.GELU, 1e-12))) {
            String text = "One two, three.";
            List<TokenLabel> labels = tokens.label(text);
            assertEquals(
                    List.of("One", "two", ",", "three", "."),
                    labels.stream().map(TokenLabel::token).toList());
            assertEquals(5, words.fill("a [MASK] b").size());
            assertThrows(IllegalArgumentException.class, () -> words.fill("nothing"));
        }
    }

    @Test
    void otherTypesAreRefusedByNameOfThoseSupported() {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false))) {
            IllegalArgumentException e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> model.predictor(String.class, Integer.class));
            assertEquals(
                    "input and output must be types of the task ClassificationTask (String ->"
                            + " Classifications, String[] -> Classifications[], TextPair ->"
                            + " Classifications, TextPair[] -> Classifications[], StringPair ->"
                            + " Classifications, StringPair[] -> Classifications[], Input ->"
                            + " Output, NDList -> NDList), got input=String, output=Integer",
                    e.getMessage());
        }
    }

    @Test
    void aServerGetsJsonAndEachBadRequestItsReason() throws TranslateException {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false));
                Predictor<Input, Output> server = model.predictor(Input.class, Output.class)) {
            List<Output> responses =
                    server.batchPredict(
                            List.of(
                                    plain("good day"),
                                    json("{\"inputs\": [\"good day\", \"x\"]}"),
                                    json("{\"text\": \"a\", \"text_pair\": \"b\"}"),
                                    json("{\"words\": 1}"),
                                    json("{"),
                                    new Input()));
            assertEquals(
                    List.of(200, 200, 200, 400, 400, 400),
                    responses.stream().map(Output::getCode).toList());
            String first = responses.get(0).getData().getAsString();
            assertTrue(first.startsWith("[{\"className\":"), first);
            String two = responses.get(1).getData().getAsString();
            assertTrue(two.startsWith("[[{"), two);
            assertTrue(responses.get(3).getData().getAsString().contains("request must be a text"));
            assertEquals("application/json", responses.get(0).getProperty("Content-Type", "none"));
        }
    }

    @Test
    void embeddingsAreServedAsArrays() throws TranslateException {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                Predictor<Input, Output> server = model.predictor(Input.class, Output.class)) {
            String one = server.predict(json("\"hello\"")).getData().getAsString();
            assertEquals(8, one.split(",", -1).length);
            assertEquals(400, server.predict(new Input()).getCode());
        }
    }

    @Test
    void bfloat16IsNearFloat32() throws TranslateException {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                Predictor<String, float[]> fast =
                        model.predictor(String.class, float[].class, Precision.BFLOAT16)) {
            float[] exact = model.embed("hello there");
            float[] near = fast.predict("hello there");
            assertArrayEquals(exact, near, 0.02f);
            assertTrue(!Arrays.equals(exact, near), "another precision was used");
        }
    }

    @Test
    void theBatchifierPadsAndMasksOnlyWhereNeeded() {
        PaddingBatchifier batchifier = new PaddingBatchifier(7);
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDList shorter = row(manager, 1, 2);
            NDList longer = row(manager, 3, 4, 5);
            NDList batch = batchifier.batchify(new NDList[] {shorter, longer});
            assertArrayEquals(new long[] {1, 2, 7, 3, 4, 5}, batch.get(0).toLongArray());
            assertArrayEquals(new long[] {1, 1, 0, 1, 1, 1}, batch.get(1).toLongArray());
            assertArrayEquals(
                    new boolean[] {true, true, false, true, true, true},
                    batch.get(2).toBooleanArray());
            assertEquals(2, batchifier.batchify(new NDList[] {longer, longer}).size());
            assertEquals(0, batchifier.batchify(new NDList[0]).size());
            NDList[] rows = batchifier.unbatchify(new NDList(batch.get(0)));
            assertArrayEquals(new long[] {3, 4, 5}, rows[1].get(0).toLongArray());
        }
    }

    private static NDList row(NDManager manager, long... ids) {
        NDArray array = manager.create(ids);
        return new NDList(array, array.onesLike());
    }

    private static Input plain(String body) {
        Input input = new Input();
        input.add(body);
        return input;
    }

    private static Input json(String body) {
        Input input = plain(body);
        input.addProperty("Content-Type", "application/json");
        return input;
    }
}
