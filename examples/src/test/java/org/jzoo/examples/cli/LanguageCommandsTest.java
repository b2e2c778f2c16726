package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.DataHash;

/** finetune on plain texts, and generate with what it made. */
class LanguageCommandsTest {

    private static final String LINE = "Ann sings, Bob hums; the café is full.\n";

    @TempDir private Path folder;

    @Test
    void learnsATextByHeartAndGoesOnWithIt() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts/more"));
        Files.writeString(folder.resolve("texts/a.txt"), LINE.repeat(25));
        Files.writeString(texts.resolve("b.md"), LINE.repeat(10));
        Files.writeString(texts.resolve("blank.txt"), " \n");
        Files.writeString(texts.resolve("c.csv"), "not,read\n");
        Path test = Files.writeString(folder.resolve("test.txt"), LINE.repeat(4));
        Path model = folder.resolve("my-lm");
        Shell tuned =
                finetune(
                        model,
                        "--train",
                        folder.resolve("texts").toString(),
                        "--test",
                        test.toString(),
                        "--max-length",
                        "80",
                        "--batch-size",
                        "4",
                        "--epochs",
                        "6",
                        "--learning-rate",
                        "4e-3",
                        "--json");
        assertEquals(Main.OK, tuned.code(), tuned::err);
        assertTrue(
                tuned.err().contains("a fresh causal J3, texts: 2 documents, 1,229 characters"),
                tuned::err);
        JsonObject figures = JsonParser.parseString(tuned.out()).getAsJsonObject();
        JsonObject judged = figures.getAsJsonObject("test");
        double bits = judged.get("bitsPerByte").getAsDouble();
        assertTrue(bits < 1, () -> "where all bytes are alike it is 8, got " + judged);
        assertEquals( // a token is a byte
                bits * Math.log(2), judged.get("loss").getAsDouble(), 1e-9);
        assertEquals(
                Math.exp(judged.get("loss").getAsDouble()),
                judged.get("perplexity").getAsDouble(),
                1e-9);
        String card = Files.readString(model.resolve("README.md"));
        assertTrue(card.contains("Continues texts like those of texts"), card);
        assertTrue(card.contains(DataHash.sha256(folder.resolve("texts"))), card);
        assertTrue(card.contains("| bitsPerByte | test |"), card);
        assertTrue(card.contains("| texts | validation, the last tenths | 2 |"), card);

        Shell written = generate(model, LINE + "Ann sings,");
        assertEquals(Main.OK, written.code(), written::err);
        assertEquals(
                " Bob hums; the café is full.\nAnn sings,",
                JsonParser.parseString(written.out())
                        .getAsJsonObject()
                        .get("continuation")
                        .getAsString());
        goesOn(model, test, bits);
    }

    private void goesOn(Path model, Path text, double bits) throws IOException {
        Shell more =
                finetune(
                        folder.resolve("more"),
                        "--model",
                        model.toString(),
                        "--train",
                        text.toString(),
                        "--validation",
                        text.toString(),
                        "--max-length",
                        "80",
                        "--epochs",
                        "1",
                        "--json");
        assertEquals(Main.OK, more.code(), more::err);
        String card = Files.readString(folder.resolve("more").resolve("README.md"));
        assertTrue(card.contains("| test.txt | train | 1 |"), card);
        assertTrue(card.contains("| test.txt | validation | 1 |"), card);
        double now =
                JsonParser.parseString(more.out())
                        .getAsJsonObject()
                        .getAsJsonObject("validation")
                        .get("bitsPerByte")
                        .getAsDouble();
        assertTrue(now < bits + 0.2, () -> "began with %s, got %s".formatted(bits, now));
    }

    private static Shell generate(Path model, String prompt) {
        return Shell.run(
                "generate",
                "--model",
                model.toString(),
                "--prompt",
                prompt,
                "--max-new-tokens",
                "40",
                "--device",
                "cpu",
                "--json");
    }

    private static Shell finetune(Path out, String... more) {
        String[] usual = {
            "finetune", "--task", "language", "--device", "cpu", "--out", out.toString()
        };
        return Shell.run(Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new));
    }

    private String refused(String... more) {
        Shell shell = finetune(folder.resolve("out"), more);
        assertTrue(shell.code() != Main.OK);
        assertTrue(Files.notExists(folder.resolve("out")));
        return shell.err()
                .lines()
                .filter(line -> line.startsWith("jzoo finetune: "))
                .findFirst()
                .orElse(shell.err())
                .substring("jzoo finetune: ".length());
    }

    @Test
    void saysWhatItWants() throws IOException {
        Path blank = Files.writeString(folder.resolve("blank.txt"), " \n");
        assertEquals(blank + ": must hold text, got none", refused("--train", blank.toString()));
        Path none = Files.createDirectories(folder.resolve("none"));
        assertEquals(
                none + ": must hold .txt, .md or .pdf files with text, got none",
                refused("--train", none.toString()));
        Path text = Files.writeString(folder.resolve("short.txt"), "twenty characters, a");
        assertEquals(
                "maxLength must be in [1, tokens of train), got maxLength=1024, tokens=18; give"
                        + " more text or a smaller maxLength (--max-length)",
                refused("--train", text.toString()));
        Path letter = Files.writeString(folder.resolve("letter.txt"), "a");
        assertEquals(
                "letter.txt: must hold at least 2 tokens to be judged by, got 1; name a longer"
                        + " text",
                refused(
                        "--train",
                        text.toString(),
                        "--max-length",
                        "5",
                        "--test",
                        letter.toString()));
        assertEquals(
                "model must continue texts, as --task language makes them, got j3-recall with the"
                        + " task SpanTask",
                refused("--train", text.toString(), "--model", "j3-recall"));
        assertEquals(
                "--tokenizer must be bytes, a .json file or of a pretrained model on the class"
                        + " path, got tokenizer=none.json",
                refused("--train", text.toString(), "--tokenizer", "none.json"));
        assertEquals(
                "--agreement must be left out with language",
                refused("--train", text.toString(), "--agreement", "1"));
    }
}
