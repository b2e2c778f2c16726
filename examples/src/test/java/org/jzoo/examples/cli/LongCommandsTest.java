package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ask, and finetune on long documents. */
class LongCommandsTest {

    private static final String TEXT = "The lamp is in the hall. Ann sings. Bob listens. ";

    @TempDir private Path folder;

    @Test
    void learnsFromFilesAndAnswersWithPlaces() throws IOException {
        Files.writeString(folder.resolve("a.txt"), TEXT);
        PdfFile.write(folder.resolve("b.pdf"), "Nothing here.", "The dog is in the yard.");
        Path train = folder.resolve("q.csv");
        Files.writeString(
                train,
                """
                question,answer,document
                Where is the lamp?,the hall,a.txt
                Who sings?,Ann,a.txt
                Where is the dog?,the yard,b.pdf
                Who left?,Tom,a.txt
                """);
        Path test = folder.resolve("asked.csv");
        Files.writeString(test, "question,answer,document\nWhere is the lamp?,the hall,a.txt\n");
        Path model = folder.resolve("model");
        Shell tuned =
                Shell.run(
                        "finetune",
                        "--task",
                        "long-qa",
                        "--train",
                        train.toString(),
                        "--test",
                        test.toString(),
                        "--out",
                        model.toString(),
                        "--epochs",
                        "1",
                        "--batch-size",
                        "2",
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, tuned.code(), tuned::err);
        assertTrue(tuned.err().contains("1 of 4 rows of --train are left out:"), tuned::err);
        assertTrue(tuned.err().contains("row 4: a.txt: must hold the answer \"Tom\""), tuned::err);
        JsonObject figures = JsonParser.parseString(tuned.out()).getAsJsonObject();
        assertTrue(figures.getAsJsonObject("test").has("exactMatch"), tuned::out);
        String card = Files.readString(model.resolve("README.md"));
        assertTrue(card.contains("answers questions"), "the card says what the model does");
        assertTrue(card.contains("| asked.csv | test | 1 |"), card);

        Shell judged =
                Shell.run(
                        "evaluate",
                        "--model",
                        model.toString(),
                        "--test",
                        test.toString(),
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, judged.code(), judged::err);
        assertEquals(
                figures.getAsJsonObject("test"),
                JsonParser.parseString(judged.out()).getAsJsonObject().get("metrics"));
        Shell unread =
                Shell.run(
                        "evaluate",
                        "--model",
                        model.toString(),
                        "--test",
                        test.toString(),
                        "--text-column",
                        "question");
        assertEquals(
                "jzoo evaluate: --text-column must be left out with "
                        + model
                        + ", made for questions about documents",
                unread.err().lines().findFirst().orElse(""));
        Path unanswered = folder.resolve("unanswered.csv");
        Files.writeString(unanswered, "question,answer,document\nWho left?,Tom,a.txt\n");
        Shell refused =
                Shell.run("evaluate", "--model", model.toString(), "--test", unanswered.toString());
        assertTrue(
                refused.err()
                        .contains(
                                "unanswered.csv: must hold an answer that stands in its document"),
                refused::err);

        Shell asked =
                Shell.run(
                        "ask",
                        "--model",
                        model.toString(),
                        "--document",
                        folder.resolve("b.pdf").toString(),
                        "--question",
                        "Where is the dog?",
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, asked.code(), asked::err);
        JsonArray evidence =
                JsonParser.parseString(asked.out()).getAsJsonObject().getAsJsonArray("evidence");
        String text = "Nothing here.\fThe dog is in the yard.";
        for (int i = 0; i < evidence.size(); i++) {
            JsonObject found = evidence.get(i).getAsJsonObject();
            int start = found.get("start").getAsInt();
            int end = found.get("end").getAsInt();
            assertEquals(text.substring(start, end), found.get("answer").getAsString());
            assertEquals(start < 14 ? 1 : 2, found.get("page").getAsInt());
            assertEquals(
                    text.substring(
                            found.get("sentenceStart").getAsInt(),
                            found.get("sentenceEnd").getAsInt()),
                    found.get("sentence").getAsString());
        }
        Shell words =
                Shell.runWithInput(
                        TEXT,
                        "ask",
                        "--model",
                        model.toString(),
                        "--document",
                        "-",
                        "--question",
                        "Who sings?",
                        "--device",
                        "cpu");
        assertEquals(Main.OK, words.code(), words::err);
        assertTrue(words.out().contains("page 1, characters "), words::out);
        hostile(model);
    }

    private void hostile(Path model) throws IOException {
        Path binary = folder.resolve("binary.txt");
        Files.write(binary, new byte[] {1, 2, 0, 3});
        assertEquals(
                "jzoo ask: binary.txt must be text, got binary data (a byte 0 at 2)",
                ask(model, binary).err().strip());
        Path empty = Files.writeString(folder.resolve("empty.txt"), "");
        assertEquals("The document holds no text.", ask(model, empty).out().strip());
        Path wide = folder.resolve("wide.txt");
        Files.write(wide, ("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_16LE));
        assertTrue(ask(model, wide).err().contains("UTF-16LE"));
        Path broken = folder.resolve("broken.txt");
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        bytes[5] = (byte) 0xFF;
        Files.write(broken, bytes);
        assertTrue(ask(model, broken).err().contains("1 malformed byte sequences replaced"));
        Path line = Files.writeString(folder.resolve("line.txt"), "ab".repeat(100_000));
        assertTrue(ask(model, line).err().contains("cuts within long words"));
    }

    private static Shell ask(Path model, Path document) {
        return Shell.run(
                "ask",
                "--model",
                model.toString(),
                "--document",
                document.toString(),
                "--question",
                "Who?",
                "--device",
                "cpu");
    }

    @Test
    void theShippedModelKnowsAPageOfTheFactbook() throws IOException {
        String page =
                """
                Morvania

                Geography
                Location: Northern Europe, bordering the Grey Sea
                Climate: temperate; cold, cloudy winters and mild summers
                Natural resources: timber, iron ore, peat

                People and Society
                Population: 4,318,220 (July 2020 est.)
                Total fertility rate: 1.71 children born/woman (2020 est.)

                Government
                Capital (name): Larn

                Communications
                Internet country code: .mv
                """;
        assertAnswers("Larn", "j3-factbook", page, "What is the capital (name) of Morvania?");
        assertAnswers(".mv", "j3-factbook", page, "What is the internet country code of Morvania?");
    }

    @Test
    void theShippedModelFindsAPassKeyInALongText() throws IOException {
        String some =
                "The government has kept the peace with all nations. Trade has grown this year. ";
        String text = some.repeat(40) + "The pass key is 52817, remember it. " + some.repeat(80);
        assertAnswers("52817", "j3-recall", text, "What is the pass key?");
    }

    private void assertAnswers(String answer, String model, String text, String question)
            throws IOException {
        Path file = Files.writeString(folder.resolve("text.txt"), text);
        Shell asked =
                Shell.run(
                        "ask",
                        "--model",
                        model,
                        "--document",
                        file.toString(),
                        "--question",
                        question,
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, asked.code(), asked::err);
        JsonObject best =
                JsonParser.parseString(asked.out())
                        .getAsJsonObject()
                        .getAsJsonArray("evidence")
                        .get(0)
                        .getAsJsonObject();
        assertEquals(answer, best.get("answer").getAsString());
        assertEquals(text.indexOf(answer), best.get("start").getAsInt());
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void modelsThatAnswerOrLabelSayWhoElseDoes() {
        assertEquals(
                "jzoo predict: --model must label, and j3-recall answers questions about documents:"
                        + " use jzoo ask",
                Shell.run("predict", "--model", "j3-recall", "--device", "cpu", "text")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
        assertEquals(
                "jzoo predict: --documents needs a J3 that labels, as finetune --task"
                    + " long-classification or long-token-labels makes them, got j3-recall with the"
                    + " task SpanTask",
                Shell.run("predict", "--model", "j3-recall", "--device", "cpu", "--documents", "a")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAnythingIsLoaded() throws IOException {
        Path file = Files.writeString(folder.resolve("q.csv"), "question,answer,document\na,b,b\n");
        assertRefused(
                "--size must be left out with --model: it is for a fresh J3",
                file,
                "long-qa",
                "--model",
                "x",
                "--size",
                "tiny");
        assertRefused(
                "--save and --regression must be left out with long-qa",
                file,
                "long-qa",
                "--regression");
        assertRefused(
                "--agreement must be left out with long-qa", file, "long-qa", "--agreement", "1");
        assertRefused(
                "--text-column must be left out with long-qa",
                file,
                "long-qa",
                "--text-column",
                "words");
        assertRefused("--size must be left out with text", file, "text", "--size", "tiny");
        assertRefused(
                "--document-column must be left out with language",
                file,
                "language",
                "--document-column",
                "words");
        for (String tuning : new String[] {"lora", "full"}) {
            assertRefused(
                    "--perturbation must come with --tuning full and without --frozen-layers: it"
                            + " moves word embeddings that learn, got --tuning "
                            + tuning
                            + " --frozen-layers 1",
                    file,
                    "text",
                    "--tuning",
                    tuning,
                    "--frozen-layers",
                    "1",
                    "--perturbation",
                    "1");
        }
        assertEquals(
                "jzoo ask: --document must exist, got "
                        + folder.resolve("none.txt").toAbsolutePath(),
                first(
                        "ask",
                        "--model",
                        "m",
                        "--document",
                        folder.resolve("none.txt").toString(),
                        "--question",
                        "Who?"));
    }

    private void assertRefused(String message, Path train, String task, String... more) {
        String[] usual = {
            "finetune",
            "--task",
            task,
            "--train",
            train.toString(),
            "--out",
            folder.resolve("m").toString()
        };
        assertEquals("jzoo finetune: " + message, first(with(usual, more)));
    }

    private static String first(String... arguments) {
        Shell shell = Shell.run(arguments);
        assertEquals(Main.USAGE, shell.code());
        return shell.err().lines().findFirst().orElse("");
    }
}
