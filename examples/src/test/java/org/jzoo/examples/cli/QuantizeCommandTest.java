package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

final class QuantizeCommandTest {

    private static final int LENGTH = 16;

    @TempDir private Path folder;

    private Path model() throws Exception {
        Path saved = folder.resolve("model");
        try (InputStream in =
                        QuantizeCommandTest.class.getResourceAsStream(
                                "/all-minilm-l6-v2-tokenizer.json");
                LoadedModel model =
                        LoadedModel.fresh(
                                "tiny",
                                ModelConfig.of(
                                        "bert",
                                        new PostNormEncoder(
                                                        30522,
                                                        16,
                                                        2,
                                                        2,
                                                        64,
                                                        Activation.GELU,
                                                        0,
                                                        0,
                                                        1e-12)
                                                .config(
                                                        new LearnedPositionOption(LENGTH),
                                                        LENGTH,
                                                        2,
                                                        0,
                                                        false),
                                        new ClassificationTask(
                                                List.of("bad", "fine"), false, HeadOption.MEAN)),
                                TextTokenizer.of(in.readAllBytes(), LENGTH),
                                5,
                                Device.cpu())) {
            ModelFolder.save(saved, model, "card", TensorType.F32);
        }
        return saved;
    }

    private Path texts() throws Exception {
        return Files.writeString(
                folder.resolve("texts.csv"),
                "text,label\na fine day,fine\na bad day,bad\nso fine,fine\nso bad,bad\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gptq", "awq", "rtn", "squeeze", "pq"})
    void everyMethodMakesAFolderThatAnswersNearlyAlike(String method) throws Exception {
        Path model = model();
        Path out = folder.resolve("packed");
        Shell shell =
                Shell.run(
                        "quantize",
                        "--model",
                        model.toString(),
                        "--bits",
                        "8",
                        "--group",
                        "16",
                        "--method",
                        method,
                        "--train",
                        texts().toString(),
                        "--test",
                        texts().toString(),
                        "--out",
                        out.toString());
        assertEquals(Main.OK, shell.code(), shell.err());
        assertTrue(
                shell.out().matches("(?s).* times smaller\nloss .*\naccuracy .*\nf1 .*"),
                shell.out());
        String card = Files.readString(out.resolve(ModelFolder.CARD));
        assertTrue(card.contains("# packed\n"), card);
        assertTrue(card.contains("| accuracy | test |"), card);
        assertTrue(card.contains("| accuracy, before packing | test |"), card);
        try (LoadedModel whole = ModelFolder.load(model, Device.cpu());
                LoadedModel packed = ModelFolder.load(out, Device.cpu())) {
            for (String text : List.of("a fine day", "worse than bad")) {
                assertEquals(
                        whole.classify(text).get("fine").getProbability(),
                        packed.classify(text).get("fine").getProbability(),
                        0.02);
            }
        }
    }

    @Test
    void whatTheMethodNeedsIsAskedForBeforeAnythingIsWritten() throws Exception {
        Path out = folder.resolve("none");
        Shell shell = Shell.run("quantize", "--model", model().toString(), "--out", out.toString());
        assertEquals(Main.USAGE, shell.code());
        assertTrue(shell.err().contains("--train must be given: gptq looks at texts"), shell.err());
        assertTrue(Files.notExists(out));
    }

    @Test
    void whatIsInTheWayIsReplacedOnlyIfAskedTo() throws Exception {
        Path model = model();
        Path weights = model.resolve(Safetensors.FILE_NAME);
        byte[] before = Files.readAllBytes(weights);
        String[] onto = {
            "quantize",
            "--model",
            model.toString(),
            "--method",
            "rtn",
            "--bits",
            "8",
            "--group",
            "16",
            "--out",
            model.toString()
        };
        Shell shell = Shell.run(onto);
        assertEquals(Main.USAGE, shell.code());
        assertTrue(shell.err().contains("--out must not exist yet"), shell.err());
        assertArrayEquals(before, Files.readAllBytes(weights));
        Shell wide = Shell.run(with(onto, "--overwrite", "--embedding-bits", "9"));
        assertTrue(wide.err().contains("--embedding-bits must be in [2, 8], got 9"), wide.err());
        assertArrayEquals(before, Files.readAllBytes(weights));
        assertEquals(Main.OK, Shell.run(with(onto, "--overwrite")).code());
        assertTrue(Files.size(weights) < before.length);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }
}
