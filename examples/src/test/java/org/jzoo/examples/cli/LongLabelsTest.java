package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** finetune on labelled documents, and predict with what it made. */
class LongLabelsTest {

    @TempDir private Path folder;

    @Test
    void learnsToLabelFilesInFolders() throws IOException {
        for (String label : new String[] {"good", "bad"}) {
            Path of = Files.createDirectories(folder.resolve("mine").resolve(label));
            for (int i = 0; i < 4; i++) {
                Files.writeString(of.resolve(i + ".txt"), (label + " ").repeat(20 + i));
            }
        }
        PdfFile.write(folder.resolve("mine/good/4.pdf"), "good good good");
        Path model = folder.resolve("labels");
        Shell tuned =
                Shell.run(
                        "finetune",
                        "--task",
                        "long-classification",
                        "--train",
                        folder.resolve("mine").toString(),
                        "--validation",
                        folder.resolve("mine").toString(),
                        "--out",
                        model.toString(),
                        "--epochs",
                        "2",
                        "--batch-size",
                        "4",
                        "--device",
                        "cpu");
        assertEquals(Main.OK, tuned.code(), tuned::err);
        assertTrue(
                Files.readString(model.resolve("README.md")).contains("A fresh model, tuned to"));
        labelsFiles(model);
        judgesFiles(model);
        Shell asked =
                Shell.run(
                        "ask",
                        "--model",
                        model.toString(),
                        "--document",
                        folder.resolve("mine/good/1.txt").toString(),
                        "--question",
                        "Where?",
                        "--device",
                        "cpu");
        assertEquals(
                "jzoo ask: --model must be a J3 that answers questions, got labels with the task"
                        + " ClassificationTask",
                asked.err().lines().findFirst().orElse(""));
    }

    private void judgesFiles(Path model) throws IOException {
        Path tested = folder.resolve("tested");
        Files.createDirectories(tested.resolve("good"));
        Files.createDirectories(tested.resolve("bad"));
        PdfFile.write(tested.resolve("good/a.pdf"), "good good good good good good");
        Files.writeString(tested.resolve("bad/b.txt"), "bad ".repeat(3000));
        Files.writeString(tested.resolve("bad/c.txt"), "good ".repeat(30));
        String[] all = {"evaluate", "--model", model.toString(), "--device", "cpu", "--test"};
        Shell judged = Shell.run(with(all, tested.toString(), "--json"));
        assertEquals(Main.OK, judged.code(), judged::err);
        JsonObject figures = JsonParser.parseString(judged.out()).getAsJsonObject();
        assertEquals(3, figures.get("examples").getAsInt());
        JsonObject metrics = figures.getAsJsonObject("metrics");
        assertEquals(2 / 3.0, metrics.get("accuracy").getAsDouble(), 1e-12);
        assertEquals("[[1,1],[0,1]]", figures.get("confusion").toString());
        double loss = 0;
        String[] labels = {"good", "bad", "bad"};
        String[] files = {"good/a.pdf", "bad/b.txt", "bad/c.txt"};
        for (int i = 0; i < files.length; i++) {
            String file = tested.resolve(files[i]).toString();
            Shell read =
                    Shell.run(
                            "predict",
                            "--model",
                            model.toString(),
                            "--device",
                            "cpu",
                            "--json",
                            "--documents",
                            file);
            loss -=
                    Math.log(
                            JsonParser.parseString(read.out())
                                    .getAsJsonObject()
                                    .getAsJsonObject("probabilities")
                                    .get(labels[i])
                                    .getAsDouble());
        }
        assertEquals(loss / 3, metrics.get("loss").getAsDouble(), 1e-6);
        assertEquals(
                "jzoo evaluate: --max-length must be left out with "
                        + model
                        + ", made for classification",
                Shell.run(with(all, tested.toString(), "--max-length", "9"))
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    private void labelsFiles(Path model) throws IOException {
        String text = folder.resolve("mine/bad/2.txt").toString();
        String pdf = folder.resolve("mine/good/4.pdf").toString();
        String[] all = {"predict", "--model", model.toString(), "--device", "cpu", "--documents"};
        Shell read = Shell.run(with(all, "--json", text, pdf));
        assertEquals(Main.OK, read.code(), read::err);
        List<JsonObject> lines =
                read.out()
                        .lines()
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .toList();
        assertEquals(
                List.of(text, pdf),
                lines.stream().map(line -> line.get("document").getAsString()).toList());
        assertEquals(Set.of("bad", "good"), lines.get(1).getAsJsonObject("probabilities").keySet());
        Shell words = Shell.runWithInput("good good good", with(List.of(all).subList(0, 5)));
        assertEquals( // what the PDF says, and no end of a sentence
                lines.get(1).getAsJsonObject("probabilities").get("good").getAsDouble(),
                percent(words.out(), "good"),
                1e-3);
        assertEquals(
                "jzoo predict: a document must be a file, got none.txt",
                Shell.run(with(all, "none.txt")).err().lines().findFirst().orElse(""));
        Path blank = Files.writeString(folder.resolve("blank.txt"), " \n");
        Path binary = Files.write(folder.resolve("picture.txt"), new byte[] {1, 0, 2});
        String work = folder.resolve("readings").toString();
        Shell others =
                Shell.run(
                        with(
                                all,
                                blank.toString(),
                                text,
                                binary.toString(),
                                pdf,
                                "--json",
                                "--work",
                                work));
        assertEquals(Main.FAILED, others.code());
        assertEquals(read.out(), others.out());
        assertEquals(
                List.of(
                        "document must hold text, got none in " + blank,
                        binary + ": picture.txt must be text, got binary data (a byte 0 at 1)"),
                others.err().lines().toList());
        assertEquals(2, folder.resolve("readings").toFile().list().length);
        assertEquals(read.out(), Shell.run(with(all, text, pdf, "--json", "--work", work)).out());
        assertEquals(
                "jzoo predict: --work must be given with --documents",
                Shell.run("predict", "--model", model.toString(), "--work", work, "good")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
        assertEquals(
                "jzoo predict: --documents must be followed by files, got none",
                Shell.run(all).err().lines().findFirst().orElse(""));
        assertEquals(
                "jzoo predict: --labels must be left out with --documents",
                Shell.run(with(all, text, "--labels", "good"))
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    private static double percent(String out, String label) {
        Matcher found = Pattern.compile(label + " ([0-9.]+)%").matcher(out);
        assertTrue(found.find(), out);
        return Double.parseDouble(found.group(1)) / 100;
    }

    private static String[] with(List<String> words) {
        return words.toArray(String[]::new);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void labelsFilesThatItReadsByteByByte() throws IOException {
        Path rows = folder.resolve("rows.csv");
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < 6; i++) {
            csv.append("ааа ".repeat(30 + i)).append(",vowels\n");
            csv.append("zzz ".repeat(60 + i)).append(",others\n");
        }
        Files.writeString(rows, csv);
        Path model = folder.resolve("bytes");
        Shell tuned =
                Shell.run(
                        "finetune",
                        "--task",
                        "long-classification",
                        "--tokenizer",
                        "bytes",
                        "--max-length",
                        "200",
                        "--train",
                        rows.toString(),
                        "--validation",
                        rows.toString(),
                        "--test",
                        rows.toString(),
                        "--out",
                        model.toString(),
                        "--epochs",
                        "8",
                        "--batch-size",
                        "4",
                        "--device",
                        "cpu",
                        "--json");
        assertEquals(Main.OK, tuned.code(), tuned::err);
        JsonObject figures = JsonParser.parseString(tuned.out()).getAsJsonObject();
        assertEquals(1, figures.getAsJsonObject("test").get("accuracy").getAsDouble());
        Shell asked =
                Shell.runWithInput(
                        "zzz zzz zzz\n", "predict", "--model", model.toString(), "--device", "cpu");
        assertEquals(Main.OK, asked.code(), asked::err);
        assertTrue(asked.out().contains("others"), asked::out);
    }
}
