package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what a command needs: it says what is wrong and leaves nothing behind. */
class WrongFilesTest {

    @TempDir Path temporary;

    private Path folder;
    private Path train;

    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectory(temporary.resolve("a folder"));
        train = write("train.csv", "text,label", rows());
    }

    private static String rows() {
        return String.join(
                "\n",
                IntStream.range(0, 12).mapToObj("good %1$d,a\nbad %1$d,b"::formatted).toList());
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private void assertRefuses(Shell shell, String... words) {
        assertTrue(shell.code() == Main.FAILED || shell.code() == Main.USAGE, shell.err());
        for (String word : words) {
            String all = shell.err() + shell.out();
            assertTrue(all.contains(word), word + " in " + all);
        }
    }

    private void assertFineTuningLeavesNothing(List<String> words, String... arguments) {
        String out = folder.resolve("model").toString();
        String[] all = new String[arguments.length + 3];
        all[0] = "finetune";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--out";
        all[arguments.length + 2] = out;
        assertRefuses(Shell.run(all), words.toArray(String[]::new));
        assertFalse(Files.exists(Path.of(out)));
        assertFalse(Files.exists(Path.of(out + "-run")));
    }

    @Test
    void aTrainingThatCannotBeginLeavesNoFolder() throws IOException {
        Path empty = write("empty.csv", "text,label");
        Path single = write("single.csv", "text,label", "x,a", "y,a");
        Path other = write("other.csv", "text,label", "x,c");
        String good = train.toString();
        assertFineTuningLeavesNothing(
                List.of("must hold at least one row"), "--train", empty.toString());
        assertFineTuningLeavesNothing(
                List.of("at least 2 classes", "got only \"a\" in 2 rows"),
                "--train",
                single.toString());
        Path few = write("few.csv", "text,label", "x,a", "y,b");
        assertFineTuningLeavesNothing(
                List.of("--validation must be given", "few.csv"), "--train", few.toString());
        assertFineTuningLeavesNothing(
                List.of("other.csv row 1", "label must be one of [a, b], got label=c"),
                "--train",
                good,
                "--test",
                other.toString());
        assertFineTuningLeavesNothing(
                List.of("got name=no-such-model", "minilm-l6"),
                "--train",
                good,
                "--model",
                "no-such-model");
        assertFineTuningLeavesNothing(
                List.of("maxLength must be <= 512"), "--train", good, "--max-length", "9999");
        assertFineTuningLeavesNothing(
                List.of("targets must match linear maps", "got targets=none"),
                "--train",
                good,
                "--lora-targets",
                "none");
        assertFineTuningLeavesNothing(
                List.of("--save peft must go with --model as a folder", "got --model minilm-l6"),
                "--train",
                good,
                "--save",
                "peft");
    }

    @Test
    void anEmptyFolderIsNoModel() throws IOException {
        String empty = Files.createDirectory(folder.resolve("empty")).toString();
        String missing = " must exist, and its folder too";
        assertRefuses(Shell.run("predict", "--model", empty, "text"), empty, ".json" + missing);
        assertRefuses(Shell.run("import", empty, "--name", "x"), "config.json" + missing);
        assertRefuses(Shell.run("verify", empty), "config.json" + missing);
    }

    @Test
    void aFileWithAFileForItsFolderIsRefused() throws IOException {
        String out = train.resolve("model").toString();
        assertRefuses(
                Shell.run("finetune", "--train", train.toString(), "--out", out), "train.csv");
        assertEquals(List.of(train), list(folder));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
