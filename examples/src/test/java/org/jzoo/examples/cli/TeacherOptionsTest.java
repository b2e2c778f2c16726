package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.datasets.DataHash;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;
import org.jzoo.zoo.weights.TensorType;

/** Models of width 12 teach models of width 8. */
class TeacherOptionsTest {

    private static final int MAX_LENGTH = 16;
    private static final String GOOD = "a wonderful and moving film number ";
    private static final String BAD = "dull and far too long number ";
    private static final String UNHEARD_GOOD = "splendid music with joy number ";
    private static final String UNHEARD_BAD = "this noise hurts number ";
    private static final String TOPICS =
            """
            text,label
            the sea,water
            a river,water
            some rain,water
            ice melts,water
            the hill,earth
            a stone,earth
            some sand,earth
            clay dries,earth
            the wind,air
            a storm,air
            some breath,air
            clouds drift,air
            """;

    @TempDir static Path folder;
    private static byte[] tokenizer;
    private static String small;
    private static String teacher;
    private static Path train;
    private static Path more;
    private static Path test;

    @BeforeAll
    static void tuneATeacher() throws IOException {
        tokenizer = tokenizer(TOPICS, GOOD, BAD, UNHEARD_GOOD, UNHEARD_BAD);
        small = save("small", 8, MAX_LENGTH, new EmbeddingTask(Pooling.MEAN, true), tokenizer);
        String large =
                save("large", 12, MAX_LENGTH, new EmbeddingTask(Pooling.MEAN, true), tokenizer);
        train = write("train.csv", "text,label", labelled(GOOD, BAD, 40));
        test = write("test.csv", "text,label", labelled(UNHEARD_GOOD, UNHEARD_BAD, 12));
        more = write("more.csv", "text", texts(UNHEARD_GOOD, UNHEARD_BAD, 24));
        List<String> all = new ArrayList<>(labelled(GOOD, BAD, 40));
        all.addAll(labelled(UNHEARD_GOOD, UNHEARD_BAD, 12));
        teacher = folder.resolve("teacher").toString();
        Path file = write("all.csv", "text,label", all);
        ok(finetune("--model %s --train %s --out %s".formatted(large, file, teacher)));
    }

    /** MiniLM's with the tokens of these texts. */
    private static byte[] tokenizer(String... texts) throws IOException {
        try (InputStream in =
                TeacherOptionsTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            byte[] json = in.readAllBytes();
            BitSet used = new BitSet();
            try (TextTokenizer whole = TextTokenizer.of(json, 512)) {
                for (String text : texts) {
                    for (long id : whole.encode(text).ids()) {
                        used.set((int) id);
                    }
                }
            }
            return WordPieceVocabulary.keep(json, used).json();
        }
    }

    private static List<String> texts(String good, String bad, int rows) {
        return IntStream.range(0, rows).mapToObj(i -> (i % 2 == 0 ? good : bad) + i).toList();
    }

    private static List<String> labelled(String good, String bad, int rows) {
        return texts(good, bad, rows).stream()
                .map(text -> text + (text.startsWith(good) ? ",good" : ",bad"))
                .toList();
    }

    private static Path write(String name, String header, List<String> rows) throws IOException {
        return Files.writeString(
                folder.resolve(name), header + "\n" + String.join("\n", rows) + "\n");
    }

    private static String save(String name, int dim, int length, Task task, byte[] tokenizer)
            throws IOException {
        Path to = folder.resolve(name);
        ModelConfig config =
                ModelConfig.of(
                        "bert",
                        new PostNormEncoder(1_200, dim, 2, 2, 20, Activation.GELU, 0.1, 0.1, 1e-12)
                                .config(new LearnedPositionOption(length), length, 2, 0, false),
                        task);
        try (LoadedModel model =
                LoadedModel.fresh(
                        name, config, TextTokenizer.of(tokenizer, length), 5, Device.cpu())) {
            ModelFolder.save(to, model, "# A card\n", TensorType.F32);
        }
        return to.toString();
    }

    private static Shell finetune(String options) {
        // Judged at the end alone: the first of the best would have learned little.
        String usual =
                "finetune --tuning full --max-length 16 --epochs 6 --batch-size 4 --learning-rate"
                        + " 0.02 --evaluate-every 1000 --device cpu --precision float32 --json ";
        return Shell.run((usual + options).split(" "));
    }

    private static JsonObject ok(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell.err());
        return JsonParser.parseString(shell.out()).getAsJsonObject();
    }

    private static double accuracy(JsonObject result) {
        return result.getAsJsonObject("test").get("accuracy").getAsDouble();
    }

    private static List<String> labels(Path model) throws Exception {
        try (LoadedModel loaded = Zoo.load(model, Device.cpu())) {
            return ((ClassificationTask) loaded.config().task()).labels();
        }
    }

    @Test
    void aStudentLearnsWordsThatOnlyItsTeacherHasSeenLabelled() throws IOException {
        Path out = folder.resolve("taught");
        String same = "--model %s --train %s --test %s --out %s".formatted(small, train, test, out);
        JsonObject alone = ok(finetune(same + "-alone"));
        JsonObject taught =
                ok(finetune("%s --teacher %s --more-texts %s".formatted(same, teacher, more)));
        assertEquals(54, alone.get("steps").getAsInt());
        assertEquals(90, taught.get("steps").getAsInt()); // 36 of 40 texts and 24 more, in fours
        assertTrue(accuracy(alone) < 0.9, alone::toString);
        assertEquals(1, accuracy(taught), taught::toString);

        String card = Files.readString(out.resolve(ModelFolder.CARD));
        assertTrue(card.contains("- taught by: teacher\n"), card);
        assertTrue(card.contains("- share of the labels in the loss: 0.0\n"), card);
        assertTrue(
                card.contains(
                        "| more.csv | labelled by the teacher | 24 | `%s` |"
                                .formatted(DataHash.sha256(more))),
                card);
        assertFalse(card.contains(folder.toString()), card);
    }

    @Test
    void everythingThatHelpedGoesTogether() throws Exception {
        Path topics = Files.writeString(folder.resolve("topics.csv"), TOPICS);
        Path first = folder.resolve("first");
        ok(
                finetune(
                        "--model %s --train %s --validation %2$s --out %s"
                                .formatted(small, topics, first)));
        assertEquals(List.of("air", "earth", "water"), labels(first));
        Path out = folder.resolve("together");
        JsonObject tuned =
                ok(
                        finetune(
                                ("--model %s --averaging 0.9 --agreement 1 --train %s --test %s"
                                                + " --teacher %s --more-texts %s --out %s")
                                        .formatted(first, train, test, teacher, more, out)));
        assertEquals(1, accuracy(tuned), tuned::toString);
        assertEquals(List.of("bad", "good"), labels(out));
        String card = Files.readString(out.resolve(ModelFolder.CARD));
        assertTrue(card.contains("first, tuned to label texts"), card);
    }

    @Test
    void aStudentTakesItsTeachersOrderOfLabels() throws Exception {
        Task task = new ClassificationTask(List.of("good", "bad"), false, HeadOption.MEAN);
        String other = save("other-order", 12, MAX_LENGTH, task, tokenizer);
        Path out = folder.resolve("in-order");
        ok(
                finetune(
                        "--model %s --train %s --teacher %s --label-share 0.8 --out %s"
                                .formatted(small, train, other, out)));
        assertEquals(List.of("good", "bad"), labels(out));
    }

    private static void assertRefuses(String message, String options) {
        Path out = folder.resolve("refused");
        String usual = "--model %s --train %s --out %s ".formatted(small, train, out);
        Shell shell = finetune(usual + options);
        assertTrue(shell.code() == Main.FAILED || shell.code() == Main.USAGE, shell.err());
        assertTrue(shell.err().contains(message), shell.err());
        assertFalse(Files.exists(out));
        assertFalse(Files.exists(folder.resolve("refused-run")));
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() throws IOException {
        assertRefuses("--more-texts must come with --teacher", "--more-texts " + more);
        assertRefuses("--temperature must come with --teacher", "--temperature 3");
        assertRefuses(
                "--label-share must be 0 or left out with --more-texts, which have no labels, got"
                        + " 0.3",
                "--teacher %s --more-texts %s --label-share 0.3".formatted(teacher, more));
        assertRefuses(
                "--teacher must be left out with long-classification",
                "--task long-classification --teacher " + teacher);
    }

    @Test
    void filesThatAreMissingOrHoldNothingAreRefused() throws IOException {
        String asked = "--teacher " + teacher + " --more-texts ";
        Path nowhere = folder.resolve("nowhere.csv");
        assertRefuses("--more-texts must exist, got " + nowhere, asked + nowhere);
        Path empty = write("empty.csv", "text", List.of());
        assertRefuses("--more-texts must hold at least one row, got " + empty, asked + empty);
        assertRefuses("column.csv", asked + write("column.csv", "body", List.of("hello")));
        assertRefuses("got name=no-such-model", "--teacher no-such-model");
    }

    @Test
    void teachersOfSomethingElseAreRefused() throws IOException {
        Task three = new ClassificationTask(List.of("bad", "fair", "good"), false, HeadOption.MEAN);
        assertRefuses(
                "teacher must give the labels [bad, good] to texts, got three, which gives the"
                        + " labels [bad, fair, good] to texts; tune it to the student's labels"
                        + " first",
                "--teacher " + save("three", 12, MAX_LENGTH, three, tokenizer));
        assertRefuses(
                "got numbers, which gives numbers to texts",
                "--teacher "
                        + save(
                                "numbers",
                                12,
                                MAX_LENGTH,
                                new RegressionTask(false, HeadOption.MEAN),
                                tokenizer));
        Task pairs = new ClassificationTask(List.of("bad", "good"), true, HeadOption.MEAN);
        assertRefuses(
                "got pairs, which gives the labels [bad, good] to pairs of texts",
                "--teacher " + save("pairs", 12, MAX_LENGTH, pairs, tokenizer));
        assertRefuses("teacher must give the labels [bad, good]", "--teacher " + small);
    }

    @Test
    void teachersOfOtherTokensAreRefused() throws IOException {
        Task task = new ClassificationTask(List.of("bad", "good"), false, HeadOption.MEAN);
        assertRefuses(
                "teacher must cut texts into the student's tokens, got foreign, which cuts row 1"
                        + " otherwise; choose models with the same tokenizer.json",
                "--teacher " + save("foreign", 12, MAX_LENGTH, task, tokenizer(UNHEARD_GOOD)));
        assertRefuses(
                "maxLength must be <= 8, the longest text of short, got maxLength=16",
                "--teacher " + save("short", 12, 8, task, tokenizer));
    }
}
