package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TextGenerator;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;

/** import, generate and verify, on a folder as others publish it. */
class DecoderCommandsTest {

    private static final String CONFIG =
            """
            {"model_type": "gpt2", "vocab_size": 30522, "n_positions": 24, "n_embd": 8, "n_layer": 2,
             "n_head": 2, "embd_pdrop": 0.3, "eos_token_id": 102, "_loss": "sum(logits * cotangent)"}
            """;

    @TempDir private Path temporary;
    private Path published;

    @BeforeEach
    void publish() throws Exception {
        System.setProperty(LocalModels.PROPERTY, temporary.resolve("home").toString());
        published = temporary.resolve("published");
        Files.createDirectories(published);
        Files.writeString(published.resolve("config.json"), CONFIG);
        Files.writeString(published.resolve("README.md"), "---\nlicense: mit\n---\n");
        try (InputStream in =
                DecoderCommandsTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            Files.copy(in, published.resolve("tokenizer.json"));
        }
        try (LoadedModel model = fresh();
                NDManager manager = model.manager().newSubManager()) {
            Architecture gpt2 = Architectures.of("gpt2");
            SafetensorsWriter.write(
                    published.resolve("model.safetensors"),
                    gpt2.names(model.config())
                            .toForeign(TensorSource.ofParameters("gpt2", model.parameters())),
                    Map.of(),
                    TensorType.BF16);
            reference(manager);
        }
    }

    @AfterEach
    void forget() {
        System.clearProperty(LocalModels.PROPERTY);
    }

    private LoadedModel fresh() throws IOException {
        Architecture gpt2 = Architectures.of("gpt2");
        HuggingFaceConfig config = HuggingFaceConfig.of(published);
        return LoadedModel.fresh(
                "gpt2",
                ModelConfig.of("gpt2", gpt2.readConfig(config), gpt2.readTask(config)),
                null,
                5,
                Device.cpu());
    }

    private void reference(NDManager manager) throws Exception {
        NDArray ids = manager.create(new long[] {9, 5, 7, 11, 2, 8}, new Shape(2, 3));
        write("inputs", Map.of("input_ids", ids));
        try (LoadedModel model = Zoo.load(published, Device.cpu())) {
            NDArray logits =
                    model.block()
                            .forward(
                                    new ParameterStore(manager, false),
                                    new NDList(ids),
                                    false,
                                    new ForwardContext().asParams())
                            .singletonOrThrow();
            write("outputs", Map.of("logits", logits));
        }
    }

    private void write(String name, Map<String, NDArray> arrays) throws IOException {
        SafetensorsWriter.write(
                published.resolve(name + ".safetensors"), TensorSource.ofArrays(name, arrays));
    }

    @Test
    void modelsOfOtherFamiliesLearnTextsToo() throws Exception {
        Path text =
                Files.writeString(temporary.resolve("mails.txt"), "the mail is here. ".repeat(40));
        Path out = temporary.resolve("learned");
        Shell tuned = learn(text, out, "24");
        assertEquals(0, tuned.code(), tuned.err());
        double bits =
                JsonParser.parseString(tuned.out())
                        .getAsJsonObject()
                        .getAsJsonObject("validation")
                        .get("bitsPerByte")
                        .getAsDouble();
        assertTrue(bits < 2, () -> "where all tokens are alike it is 4, got " + bits);
        assertTrue(Files.readString(out.resolve("README.md")).contains("Base model | published"));
        try (LoadedModel model = Zoo.load(out, Device.cpu())) {
            assertEquals("gpt2", model.config().architecture());
        }
        assertEquals(
                "jzoo finetune: maxLength must be at most the 24 tokens that "
                        + published
                        + " reads, got maxLength=25; name fewer (--max-length)",
                learn(text, temporary.resolve("long"), "25")
                        .err()
                        .lines()
                        .filter(line -> line.startsWith("jzoo finetune: "))
                        .findFirst()
                        .orElse(""));
    }

    private Shell learn(Path text, Path out, String length) {
        return Shell.run(
                "finetune",
                "--task",
                "language",
                "--model",
                published.toString(),
                "--train",
                text.toString(),
                "--max-length",
                length,
                "--epochs",
                "10",
                "--batch-size",
                "2",
                "--learning-rate",
                "0.02",
                "--precision",
                "float32",
                "--device",
                "cpu",
                "--out",
                out.toString(),
                "--json");
    }

    @Test
    void anImportedFolderIsOneOfTheZoosModelsAndGoesOnAsTheFolderDoes() throws Exception {
        Shell imported = Shell.run("import", published.toString(), "--name", "small");
        assertEquals(0, imported.code(), imported.err());
        assertTrue(imported.out().startsWith("small: gpt2, text generation, "), imported.out());
        assertTrue(Shell.run("list", "small").out().contains("mit"));
        GenerationConfig config = GenerationConfig.greedy(6);
        try (LoadedModel ours = Zoo.load("small");
                LoadedModel theirs = Zoo.load(published, Device.cpu())) {
            String added = new TextGenerator(theirs, config).generate("the mail");
            assertFalse(added.isBlank());
            assertEquals(added, new TextGenerator(ours, config).generate("the mail"));
            StringBuilder heard = new StringBuilder();
            String streamed =
                    new TextGenerator(ours, config)
                            .generate("the mail", piece -> heard.append(piece) != null);
            assertEquals(added, streamed);
            assertEquals(added, heard.toString());
            try (var predictor = ours.predictor(String.class, String.class)) {
                assertTrue(predictor.predict("the mail").startsWith(added));
            }
            Shell shell =
                    Shell.run(
                            "generate",
                            "--model",
                            "small",
                            "--prompt",
                            "the mail",
                            "--max-new-tokens",
                            "6");
            assertEquals("the mail" + added + System.lineSeparator(), shell.out());
            Shell json =
                    Shell.run(
                            "generate",
                            "--model",
                            "small",
                            "--json",
                            "--max-new-tokens",
                            "6",
                            "the mail");
            assertEquals(
                    added,
                    JsonParser.parseString(json.out())
                            .getAsJsonObject()
                            .get("continuation")
                            .getAsString());
        }
        assertTrue(Shell.run("predict", "--model", "small", "x").err().contains("jzoo generate"));
    }

    @Test
    void anImportRefusesTakenNamesAndFoldersThatAreNotWhole() throws Exception {
        String folder = published.toString();
        assertEquals(0, Shell.run("import", folder, "--name", "small").code());
        Shell again = Shell.run("import", folder, "--name", "small");
        assertEquals(2, again.code());
        assertTrue(again.err().contains("--name must be free, got small"), again.err());
        assertEquals(0, Shell.run("import", folder, "--name", "small", "--replace").code());
        assertEquals(2, Shell.run("import", folder, "--name", "../small").code());
        Files.writeString(
                published.resolve("config.json"),
                CONFIG.replace("\"n_layer\": 2", "\"n_layer\": 3"));
        Shell broken = Shell.run("import", folder, "--name", "small", "--replace");
        assertEquals(1, broken.code());
        assertTrue(
                broken.err().contains("decoder.transformer.layers.2.mixer.query.weight"),
                broken.err());
        try (LoadedModel kept = Zoo.load("small")) {
            assertEquals("gpt2", kept.config().architecture());
        }
        Files.writeString(
                published.resolve("config.json"),
                CONFIG.replace("\"n_head\"", "\"n_hats\": 3, \"n_head\""));
        Shell unknown = Shell.run("import", folder, "--name", "other");
        assertTrue(unknown.err().contains("n_hats=3"), unknown.err());
        assertFalse(Files.exists(LocalModels.folder("other")));
    }

    @Test
    void verifyingTellsTheLargestDifferenceAndItsPlace() throws Exception {
        Shell sound = Shell.run("verify", published.toString());
        assertEquals(0, sound.code(), sound.out() + sound.err());
        assertTrue(sound.out().contains("1 compared, largest 0.00e+00"), sound.out());
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> outputs = new HashMap<>();
            NDArray logits =
                    Safetensors.open(published.resolve("outputs.safetensors"))
                            .toNDArray(manager, "logits");
            float[] values = logits.toFloatArray();
            values[30522 * 4 + 17] += 0.01f;
            outputs.put("logits", manager.create(values, logits.getShape()));
            outputs.put("surprise", manager.zeros(new Shape(1)));
            write("outputs", outputs);
        }
        Shell wrong = Shell.run("verify", published.toString());
        assertEquals(1, wrong.code());
        assertTrue(wrong.out().contains("logits[1, 1, 17]"), wrong.out());
        assertTrue(wrong.out().contains("not supported: output surprise"), wrong.out());
        assertEquals(1, Shell.run("verify", temporary.resolve("nothing").toString()).code());
    }
}
