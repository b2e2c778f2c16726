package org.jzoo.examples.longqa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.document.AnswerSpans;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.longtext.Span;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.zoo.document.LongQuestion;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;

class SpanTrainingTest {

    private static final List<String> KEYS = List.of("red", "blue", "green");
    private static final List<String> VALUES = List.of("one", "two", "three", "four");
    private static final J3Size SIZE = new J3Size(32, 4, 2, 48, 16, 8, 4);

    @Test
    void learnsToFindWhatIsAskedFor() throws Exception {
        try (LoadedModel model = model()) {
            TextTokens tokens = TextTokens.of(model.tokenizer());
            List<SpanExample> train = SpanData.whole(questions(400, 1), tokens);
            List<DocumentQuestion> asked = questions(60, 2);
            List<SpanExample> test = SpanData.whole(asked, tokens);
            SpanJudge judge = new SpanJudge(test, 0, 1_000, Device.cpu());
            double before = exact(judge, model);
            new SpanTraining(config(150)).run(model, train);
            double after = exact(judge, model);
            assertTrue(
                    after > 0.9 && before < 0.5,
                    () -> "exact match %s, then %s".formatted(before, after));

            // Streaming one document gives the same answers as reading several whole.
            List<String> answers = judge.answers(model.block(), Precision.FLOAT32);
            SpanJudge streaming = new SpanJudge(test, 0, 1, Device.cpu());
            assertEquals(answers, streaming.answers(model.block(), Precision.FLOAT32));
            LongReader reader = LongReader.of(model);
            for (int i = 0; i < 10; i++) {
                LongQuestion question =
                        LongQuestion.of(asked.get(i).text(), asked.get(i).question());
                assertEquals(answers.get(i), reader.answer(question).text());
            }
        }
    }

    @Test
    void excerptsHaveTheAnswerAtItsPlace() {
        try (TextTokenizer tokenizer = tokenizer();
                NDManager manager = PyTorch.newBaseManager()) {
            List<SpanExample> examples = SpanData.whole(questions(64, 3), TextTokens.of(tokenizer));
            SpanBatches batches = new SpanBatches(examples, 8, 5, 0, 5);
            assertEquals(8, batches.size(0));
            int without = 0;
            for (int b = 0; b < 8; b++) {
                TrainingBatch batch = batches.batch(0, b, manager);
                long[] ids = batch.inputs().get(0).toLongArray();
                long[] labels = batch.labels().get(0).toLongArray();
                assertEquals(new Shape(8, 5), batch.inputs().get(0).getShape());
                for (int r = 0; r < 8; r++) {
                    SpanExample example = examples.get((int) batch.rows()[r]);
                    if (labels[2 * r] == 5) {
                        without++;
                    } else {
                        assertEquals(
                                example.tokens().ids()[example.first()],
                                ids[5 * r + (int) labels[2 * r]]);
                    }
                }
                assertArrayEquals(ids, batches.batch(0, b, manager).inputs().get(0).toLongArray());
            }
            assertTrue(without < 16, "excerpts without an answer: " + without);
        }
    }

    @Test
    void answersThatWereCutOffAreNone() {
        try (TextTokenizer tokenizer = tokenizer()) {
            TextTokens tokens = TextTokens.of(tokenizer);
            String text = "red is one blue is two";
            DocumentQuestion question =
                    new DocumentQuestion(
                            "d", text, "blue", AnswerSpans.find(text, "two"), List.of());
            SpanExample whole = SpanData.whole(List.of(question), tokens).get(0);
            assertEquals(5, whole.first());
            assertEquals(5, whole.last());
            assertTrue(whole.answered());
            SpanExample cut = SpanData.truncated(List.of(question), tokens, 4).get(0);
            assertEquals(4, cut.first());
            assertEquals(4, cut.length());
            assertEquals("two", cut.answer());
            assertArrayEquals(new int[] {1, 2}, SpanData.tokens(tokens.of(text), new Span(4, 10)));
            assertEquals(
                    "first and last must be tokens in order or both 4, got first=2, last=1",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            new SpanExample(
                                                    text, cut.tokens(), new long[0], 2, 1, "x"))
                            .getMessage());
        }
    }

    @Test
    void theRuleReadsAFieldOfTheFactbook() {
        assertEquals("338,145 sq km", LineRule.answer("Area (total): 338,145 sq km"));
        assertEquals(
                "$221 billion",
                LineRule.answer("GDP: $221 billion (2014 est.); $220 billion (2013 est.)"));
        assertEquals("no colon", LineRule.answer("no colon; more"));
        assertEquals("", LineRule.answer(""));
    }

    @Test
    void retrievalAnswersFromTheBestLine() {
        String text = "A\n\nGeography\nArea (total): 5 sq km\nArea (land): 4 sq km; most\n";
        List<DocumentQuestion> asked = new ArrayList<>();
        for (String answer : List.of("5 sq km", "4 sq km")) {
            String kind = answer.startsWith("5") ? "total" : "land";
            asked.add(
                    new DocumentQuestion(
                            "A",
                            text,
                            "What is the area (%s) of A?".formatted(kind),
                            AnswerSpans.find(text, answer),
                            List.of()));
        }
        assertEquals(List.of("5 sq km", "4 sq km"), new RetrievalAnswers(null).answers(asked));
    }

    private static double exact(SpanJudge judge, LoadedModel model) {
        Map<String, Double> metrics = judge.evaluate(model.block(), Precision.FLOAT32);
        assertTrue(metrics.get("answerF1") >= metrics.get("exactMatch"));
        return metrics.get("exactMatch");
    }

    private static SpanConfig config(int steps) {
        return new SpanConfig(
                steps, 16, 64, 5e-3, 0.01, 3, Precision.FLOAT32, Device.cpu(), null, false);
    }

    /** A value for each key in a random order, with words between them. */
    private static List<DocumentQuestion> questions(int count, long seed) {
        Random random = new Random(seed);
        List<DocumentQuestion> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> keys = new ArrayList<>(KEYS);
            Collections.shuffle(keys, random);
            StringBuilder text = new StringBuilder();
            Span answer = null;
            String asked = KEYS.get(random.nextInt(KEYS.size()));
            for (String key : keys) {
                text.append("and so ".repeat(random.nextInt(2))).append(key).append(' ');
                int start = text.length();
                text.append(VALUES.get(random.nextInt(VALUES.size())));
                answer = key.equals(asked) ? new Span(start, text.length()) : answer;
                text.append(". ");
            }
            questions.add(new DocumentQuestion("d" + i, text.toString(), asked, answer, List.of()));
        }
        return questions;
    }

    private static TextTokenizer tokenizer() {
        List<String> words = new ArrayList<>(KEYS);
        words.addAll(VALUES);
        words.addAll(Arrays.asList("and", "so", "is"));
        return TextTokenizer.of(WordTokenizer.json(words), 1_000);
    }

    private static LoadedModel model() {
        J3Config config =
                J3Parts.of(SIZE)
                        .optWindow(8)
                        .optMemoryTokens(2)
                        .optRetrieved(1)
                        .build()
                        .encoder(16, 0);
        return LoadedModel.fresh(
                "spans",
                ModelConfig.of("j3", config, new SpanTask(0)),
                tokenizer(),
                4,
                Device.cpu());
    }
}
