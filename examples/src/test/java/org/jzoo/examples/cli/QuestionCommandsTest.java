package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.examples.finetune.SquarePictures;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;

/** A folder of pictures becomes a model that answers questions about them. */
class QuestionCommandsTest {

    @TempDir static Path folder;
    private static Path train;
    private static Path test;
    private static Path few;
    private static String model;

    @BeforeAll
    static void trainAModel() throws IOException {
        train = SquarePictures.write(folder, "train", 72, 1);
        test = SquarePictures.write(folder, "test", 40, 2);
        few = SquarePictures.write(folder, "few", 8, 3);
        model = folder.resolve("model").toString();
        Shell run =
                finetune(
                        model,
                        train,
                        "--epochs",
                        "12",
                        "--evaluate-every",
                        "50",
                        "--test",
                        test.toString(),
                        "--json");
        assertEquals(Main.OK, run.code(), run.err());
        JsonObject result = JsonParser.parseString(run.out()).getAsJsonObject();
        double accuracy = result.getAsJsonObject("test").get("accuracy").getAsDouble();
        assertTrue(accuracy >= 0.9, run.out());
        assertTrue(result.getAsJsonObject("test").get("commonest").getAsDouble() < 0.4, run.out());
    }

    private static Shell finetune(String out, Path csv, String... more) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "finetune",
                                "--task",
                                "vqa",
                                "--train",
                                csv.toString(),
                                "--layers",
                                "1,1,1",
                                "--image-size",
                                "16",
                                "--batch-size",
                                "16",
                                "--device",
                                "cpu",
                                "--out",
                                out));
        line.addAll(Arrays.asList(more));
        return Shell.run(line.toArray(new String[0]));
    }

    private static JsonObject json(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell.err());
        return JsonParser.parseString(shell.out()).getAsJsonObject();
    }

    @Test
    void theSavedModelIsMeasuredAndAsked() throws IOException {
        JsonObject measured =
                json(
                        Shell.run(
                                "evaluate",
                                "--model",
                                model,
                                "--test",
                                test.toString(),
                                "--device",
                                "cpu",
                                "--json"));
        assertEquals(80, measured.get("examples").getAsInt());
        assertTrue(measured.getAsJsonObject("metrics").get("accuracy").getAsDouble() >= 0.9);
        for (boolean red : new boolean[] {true, false}) {
            Path picture = folder.resolve(red + ".png");
            SquarePictures.draw(picture, red, !red, new Random(5));
            assertEquals(red ? "red" : "blue", ask(model, picture, "what colour is it?"));
            assertEquals(red ? "right" : "left", ask(model, picture, "Where is the square"));
        }
        String card = Files.readString(Path.of(model, ModelFolder.CARD));
        assertTrue(card.contains("train.csv") && card.contains("red"), card);
    }

    private static String ask(String asked, Path picture, String question) {
        Shell shell =
                Shell.run(
                        "vqa",
                        "--model",
                        asked,
                        "--image",
                        picture.toString(),
                        "--question",
                        question,
                        "--device",
                        "cpu",
                        "--json");
        return json(shell).get("answer").getAsString();
    }

    @Test
    void aSavedModelGoesOnLearning() {
        String out = folder.resolve("more").toString();
        Shell run =
                Shell.run(
                        "finetune",
                        "--task",
                        "vqa",
                        "--model",
                        model,
                        "--train",
                        train.toString(),
                        "--test",
                        test.toString(),
                        "--epochs",
                        "1",
                        "--learning-rate",
                        "1e-5",
                        "--keep-mb",
                        "0",
                        "--device",
                        "cpu",
                        "--json",
                        "--out",
                        out);
        double accuracy = json(run).getAsJsonObject("test").get("accuracy").getAsDouble();
        assertTrue(accuracy >= 0.9, run.out());
    }

    private static Shell compress(String out, String... more) {
        List<String> line =
                new ArrayList<>(
                        List.of("compress", "--model", model, "--device", "cpu", "--out", out));
        line.addAll(Arrays.asList(more));
        return Shell.run(line.toArray(new String[0]));
    }

    @Test
    void aTrainedModelIsMadeSmallPackedMeasuredAndAsked() throws IOException {
        Path small = folder.resolve("small");
        Shell run =
                compress(
                        small.toString(),
                        "--train",
                        train.toString(),
                        "--test",
                        test.toString(),
                        "--params",
                        "60%",
                        "--bits",
                        "4",
                        "--epochs",
                        "6",
                        "--batch-size",
                        "16",
                        "--importance-batches",
                        "8",
                        "--learning-rate",
                        "1e-3");
        assertEquals(Main.OK, run.code(), run.err());
        assertTrue(run.err().contains("fusion: 1 of 1 layers, "), run.err());
        assertTrue(run.err().contains("importance.png"), run.err());
        JsonObject measured =
                json(
                        Shell.run(
                                "evaluate",
                                "--model",
                                small.toString(),
                                "--test",
                                test.toString(),
                                "--device",
                                "cpu",
                                "--json"));
        double accuracy = measured.getAsJsonObject("metrics").get("accuracy").getAsDouble();
        assertTrue(accuracy >= 0.8, run.err() + accuracy);
        assertTrue(
                8 * Files.size(small.resolve(Safetensors.FILE_NAME))
                        < Files.size(Path.of(model, Safetensors.FILE_NAME)));
        Path picture = folder.resolve("asked.png");
        SquarePictures.draw(picture, true, true, new Random(5));
        assertTrue(
                List.of("red", "blue")
                        .contains(ask(small.toString(), picture, "what colour is it?")));
        Shell again =
                compress(
                        small.toString(),
                        "--train",
                        train.toString(),
                        "--params",
                        "50%",
                        "--bits",
                        "8",
                        "--overwrite",
                        "--resume");
        assertTrue(again.err().contains("--resume must find a model of the size"), again.err());
    }

    @Test
    void compressionsThatCannotBeAreRefused() {
        String out = folder.resolve("refused").toString();
        Shell little = compress(out, "--train", few.toString(), "--params", "1%");
        assertTrue(little.err().contains("budget must be >= "), little.err());
        Shell generated = compress(out, "--generated", "--params", "25%");
        assertEquals(Main.USAGE, generated.code());
        assertTrue(
                generated.err().contains("--generated must go with a J1 that answers with yes, no"),
                generated.err());
        Shell both = compress(out, "--generated", "--train", few.toString(), "--params", "25%");
        assertTrue(both.err().contains("--generated must go without --train"), both.err());
        Shell drawn = compress(out, "--generated", "--pictures", out, "--params", "25%");
        assertTrue(
                drawn.err().contains("--pictures must be left out with --generated"), drawn.err());
        Shell kept = compress(out, "--train", few.toString(), "--params", "25%", "--answers", out);
        assertTrue(kept.err().contains("--answers must be left out with " + model), kept.err());
    }

    @Test
    void aTrainingIsResumed() {
        String out = folder.resolve("resumed").toString();
        assertEquals(Main.OK, finetune(out, few, "--epochs", "1", "--half").code());
        Shell again =
                finetune(out, few, "--epochs", "1", "--half", "--overwrite", "--resume", "--json");
        assertEquals(1, json(again).get("steps").getAsInt());
        Shell other = finetune(out, few, "--epochs", "2", "--seed", "3", "--overwrite", "--resume");
        assertEquals(Main.FAILED, other.code(), other.err());
    }

    @Test
    void expertsGatedAndTwoWayFusionsTrain() {
        for (List<String> options :
                List.of(
                        List.of("--experts", "3"),
                        List.of("--feed-forward", "gated"),
                        List.of("--fusion", "two-way", "--experts", "2"))) {
            List<String> more = new ArrayList<>(options);
            more.addAll(List.of("--epochs", "1"));
            Shell run =
                    finetune(
                            folder.resolve(String.join("", options)).toString(),
                            few,
                            more.toArray(new String[0]));
            assertEquals(Main.OK, run.code(), options + run.err());
        }
    }

    @Test
    void faultyRowsAreNamed() throws IOException {
        assertFault("train/0.png,,red\n", " row 1 (line 2): column question must not be empty");
        assertFault(
                "train/0.png,what?,a\ntrain/none.png,what?,b\n",
                " row 2 (line 3): image must exist, got no file");
        byte[] broken = Arrays.copyOf(Files.readAllBytes(folder.resolve("train/0.png")), 60);
        Files.write(folder.resolve("broken.png"), broken);
        assertFault(
                "train/0.png,what?,a\nbroken.png,what?,b\ntrain/1.png,what?,b\n",
                " row 2: " + folder.resolve("broken.png") + " must be an undamaged picture");
        assertFault("train/0.png,what?,a\n", "class");
        Path unknown = csv("train/0.png,what?,green\n");
        Shell run =
                finetune(folder.resolve("none").toString(), train, "--test", unknown.toString());
        assertTrue(
                run.err()
                        .contains(
                                unknown + " row 1: answer must be one of [blue, left, red, right]"),
                run.err());
    }

    private static Path csv(String rows) throws IOException {
        return Files.writeString(folder.resolve("faulty.csv"), "image,question,answer\n" + rows);
    }

    private static void assertFault(String rows, String message) throws IOException {
        Path file = csv(rows);
        Shell run = finetune(folder.resolve("none").toString(), file);
        assertEquals(Main.FAILED, run.code());
        assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        Shell size = finetune(folder.resolve("none").toString(), train, "--model", model);
        assertEquals(Main.USAGE, size.code());
        assertTrue(size.err().contains("--layers must be left out with --model"), size.err());
        Shell text =
                Shell.run(
                        "finetune",
                        "--task",
                        "vqa",
                        "--model",
                        "minilm-l6",
                        "--train",
                        train.toString(),
                        "--out",
                        folder.resolve("none").toString());
        assertTrue(text.err().contains("model must be a J1, got the text encoder"), text.err());
    }
}
