package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ask, with the model that finds pass keys. */
class AskDocumentsTest {

    private static final String KEY = "What is the pass key?";
    private static final String KEY_PAGE = "The pass key is 48213, remember it.";
    private static final String TEXT =
            "\uD83D\uDE00 Our trade grew.\r\nThe pass key is 48213, remember it.\r\nTrade fell.";

    @TempDir private Path folder;

    @Test
    void offsetsPointAtTheCharactersOfTheSource() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain.txt"), TEXT);
        Path wide = folder.resolve("wide.txt");
        Files.write(wide, ("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_16LE));
        Path pdf = PdfFile.write(folder.resolve("pdf-by-content.txt"), "Our trade grew.", KEY_PAGE);
        assertFound(TEXT, 1, plain);
        assertFound(TEXT, 1, wide);
        assertFound("Our trade grew.\f" + KEY_PAGE, 2, pdf);
    }

    private static void assertFound(String text, int page, Path document) {
        Shell asked = ask(document.toString(), KEY);
        assertEquals(Main.OK, asked.code(), asked::err);
        JsonObject line = JsonParser.parseString(asked.out()).getAsJsonObject();
        assertEquals("48213", line.get("answer").getAsString());
        assertEquals(text.length(), line.get("characters").getAsInt());
        JsonObject best = line.getAsJsonArray("evidence").get(0).getAsJsonObject();
        assertEquals(text.indexOf("48213"), best.get("start").getAsInt());
        assertEquals(text.indexOf("48213") + 5, best.get("end").getAsInt());
        assertEquals(page, best.get("page").getAsInt());
        assertEquals(KEY_PAGE, best.get("sentence").getAsString());
    }

    @Test
    void severalQuestionsAreAnsweredInTurn() throws IOException {
        Path document = Files.writeString(folder.resolve("a.txt"), TEXT);
        Shell both = ask(document.toString(), KEY, "What is the pass key, then?");
        assertEquals(Main.OK, both.code(), both::err);
        List<String> questions =
                both.out()
                        .lines()
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .map(line -> line.get("question").getAsString())
                        .toList();
        assertEquals(List.of(KEY, "What is the pass key, then?"), questions);

        Shell input = ask("-", KEY, "Who?");
        assertEquals(Main.USAGE, input.code());
        assertTrue(
                input.err()
                        .contains(
                                "--document - must be asked one --question, since the input is read"
                                        + " once, got 2; save it to a file"),
                input::err);
    }

    @Test
    void otherCommandsNameThisOne() {
        Shell embedded = Shell.run("embed", "--model", "j3-recall", "--device", "cpu", "a");
        assertTrue(
                embedded.err().contains("was made for questions about documents: use jzoo ask"),
                embedded::err);
    }

    private static Shell ask(String document, String... questions) {
        Stream<String> fixed =
                Stream.of(
                        "ask",
                        "--model",
                        "j3-recall",
                        "--device",
                        "cpu",
                        "--json",
                        "--document",
                        document);
        Stream<String> asked = Stream.of(questions).flatMap(q -> Stream.of("--question", q));
        return Shell.run(Stream.concat(fixed, asked).toArray(String[]::new));
    }
}
