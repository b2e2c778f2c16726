package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** finetune on documents without labels, and embed with what it made. */
class EmbeddingCommandsTest {

    private static final List<String> WORDS =
            List.of(
                    "river", "stone", "cloud", "tiger", "bread", "piano", "chair", "green", "money",
                    "snow", "king", "ship", "garden", "war", "doctor", "sugar");

    @TempDir private Path folder;

    // A document is about two words, among others that all documents have.
    private Path documents(String name, int count, long seed) throws IOException {
        Path texts = Files.createDirectories(folder.resolve(name));
        Random random = new Random(seed);
        for (int d = 0; d < count; d++) {
            int a = d % WORDS.size();
            int b = (a + 1 + d / WORDS.size()) % WORDS.size();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append(WORDS.get(random.nextBoolean() ? a : b)).append(" and the ");
            }
            Files.writeString(texts.resolve("%02d.txt".formatted(d)), text);
        }
        return texts;
    }

    @Test
    void halvesOfADocumentComeToBeAlike() throws IOException {
        Path train = documents("train", 48, 1);
        Path test = documents("test", 10, 2);
        Path model = folder.resolve("my-j3");
        Shell tuned =
                Shell.run(
                        "finetune",
                        "--task",
                        "long-embedding",
                        "--train",
                        train.toString(),
                        "--test",
                        test.toString(),
                        "--out",
                        model.toString(),
                        "--max-length",
                        "40",
                        "--batch-size",
                        "12",
                        "--epochs",
                        "8",
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, tuned.code(), tuned::err);
        assertTrue(tuned.err().contains("a fresh J3, train: 44 documents"), tuned::err);
        JsonObject judged =
                JsonParser.parseString(tuned.out()).getAsJsonObject().getAsJsonObject("test");
        double found = judged.get("found").getAsDouble();
        assertTrue(found >= 0.8, () -> "guessing finds a tenth, got " + judged);
        String card = Files.readString(model.resolve("README.md"));
        assertTrue(card.contains("makes vectors of documents of any length"), card);
        assertTrue(card.contains("| found | test |"), card);
        embeds(model, test);
    }

    private void embeds(Path model, Path test) throws IOException {
        Path long1 = folder.resolve("long1.txt");
        Path long2 = folder.resolve("long2.txt");
        String about = Files.readString(test.resolve("03.txt"));
        Files.writeString(long1, about.repeat(8));
        Files.writeString(long2, Files.readString(test.resolve("07.txt")).repeat(8));
        String[] all = {
            "embed",
            "--model",
            model.toString(),
            "--device",
            "cpu",
            "--documents",
            test.resolve("03.txt").toString(),
            long1.toString(),
            long2.toString(),
            "--similarity",
            "--json"
        };
        Shell shell = Shell.run(all);
        assertEquals(Main.OK, shell.code(), shell::err);
        List<Double> cosines = new ArrayList<>();
        JsonParser.parseString(shell.out())
                .getAsJsonObject()
                .getAsJsonArray("cosine")
                .get(0)
                .getAsJsonArray()
                .forEach(cosine -> cosines.add(cosine.getAsDouble()));
        assertEquals(1, cosines.get(0), 1e-5);
        assertTrue(cosines.get(1) > 0.9 && cosines.get(2) < 0.7, cosines::toString);

        String work = folder.resolve("readings").toString();
        String[] kept =
                Stream.concat(Stream.of(all).limit(8), Stream.of("--work", work))
                        .toArray(String[]::new);
        String once = Shell.run(kept).out();
        assertEquals(once, Shell.run(kept).out());
        assertEquals(2, folder.resolve("readings").toFile().list().length);
        assertEquals(
                long1.toString(),
                JsonParser.parseString(once.lines().toList().get(1))
                        .getAsJsonObject()
                        .get("document")
                        .getAsString());
    }

    @Test
    void otherModelsReadWindows() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "A dog sleeps. ".repeat(300));
        Path other = Files.writeString(folder.resolve("b.txt"), "Rates rise again. ".repeat(9));
        Path blank = Files.writeString(folder.resolve("c.txt"), "\n");
        Shell shell =
                Shell.run(
                        "embed",
                        "--device",
                        "cpu",
                        "--documents",
                        file.toString(),
                        blank.toString(),
                        other.toString());
        assertEquals(Main.FAILED, shell.code());
        assertEquals(2, shell.out().lines().count());
        assertEquals("document must hold text, got none in " + blank, shell.err().strip());
        assertEquals(
                "jzoo embed: --work must have a J3, got minilm-l6, which reads windows",
                Shell.run(
                                "embed",
                                "--device",
                                "cpu",
                                "--documents",
                                file.toString(),
                                "--work",
                                folder.resolve("w").toString())
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void tooFewDocumentsAreAnError() throws IOException {
        Path one = documents("one", 3, 1);
        Shell shell =
                Shell.run(
                        "finetune",
                        "--task",
                        "long-embedding",
                        "--train",
                        one.toString(),
                        "--out",
                        folder.resolve("m").toString());
        assertTrue(
                shell.err()
                        .contains(
                                "train and validation must have at least 2 documents each, to be"
                                        + " told apart, got 1 and 2; give more files"),
                shell::err);
    }
}
