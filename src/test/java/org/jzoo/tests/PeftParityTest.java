package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.adapter.AdapterFolder;
import org.jzoo.examples.adapter.PeftFolder;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorEntry;
import org.jzoo.zoo.weights.TensorSource;

/** An adapter that peft saved computes and learns here as it does there. */
class PeftParityTest {

    private static final String PREFIX = "base_model.model.";

    @TempDir private Path temporary;

    private Path folder;
    private LoadedModel model;

    @BeforeEach
    void load() throws Exception {
        folder = Path.of(PeftParityTest.class.getResource("/golden/peft-lora").toURI());
        model = pretrained();
    }

    @AfterEach
    void close() {
        model.close();
    }

    /** The fixture's base model: peft's names led back to those of the plain model. */
    private LoadedModel pretrained() throws Exception {
        HuggingFaceConfig published = HuggingFaceConfig.of(folder);
        Architecture architecture = Architectures.of("bert");
        ClassificationTask task =
                new ClassificationTask(
                        List.of("a", "b", "c"),
                        false,
                        new HeadOption(Pooling.FIRST, Activation.TANH, 0));
        ModelConfig config = ModelConfig.of("bert", architecture.readConfig(published), task);
        LoadedModel loaded = LoadedModel.fresh("fixture", config, null, 1, Device.cpu());
        Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : file.entries().keySet()) {
            if (!name.contains("lora_") && !name.contains("modules_to_save")) {
                names.put(
                        name.substring(PREFIX.length())
                                .replace(".base_layer", "")
                                .replace(".original_module", ""),
                        name);
            }
        }
        StrictLoader.into(loaded.parameters())
                .load(
                        architecture.names(config).toOurs(new Renamed(file, names)),
                        loaded.manager());
        return loaded;
    }

    /** Tensors of a file under other names. */
    private record Renamed(Safetensors file, Map<String, String> names) implements TensorSource {
        @Override
        public String origin() {
            return file.origin();
        }

        @Override
        public NavigableMap<String, TensorEntry> entries() {
            NavigableMap<String, TensorEntry> entries = new TreeMap<>();
            names.forEach((ours, theirs) -> entries.put(ours, file.entry(theirs).named(ours)));
            return entries;
        }

        @Override
        public List<ByteBuffer> segments(String name) {
            return file.segments(names.get(name));
        }
    }

    private NDArray logits(LoadedModel loaded, NDManager scope, boolean training) throws Exception {
        NDArray ids =
                Safetensors.open(folder.resolve("inputs.safetensors"))
                        .toNDArray(scope, "input_ids");
        return loaded.block()
                .forward(
                        new ParameterStore(scope, false),
                        new NDList(ids),
                        training,
                        new ForwardContext().asParams())
                .singletonOrThrow();
    }

    private float[] logits(LoadedModel loaded) throws Exception {
        try (NDManager scope = loaded.manager().newSubManager()) {
            return logits(loaded, scope, false).toFloatArray();
        }
    }

    private float[] expected(String file, String name) throws Exception {
        try (NDManager scope = model.manager().newSubManager()) {
            return Safetensors.open(folder.resolve(file)).toNDArray(scope, name).toFloatArray();
        }
    }

    @Test
    void logitsEqualPefts() throws Exception {
        LoraTuning tuning = AdapterFolder.load(folder.resolve("adapter"), model);
        assertEquals(4, tuning.targets().size());
        assertArrayEquals(expected("outputs.safetensors", "logits"), logits(model), 1e-5f);
    }

    @Test
    void mergedEqualsUnmerged() throws Exception {
        AdapterFolder.load(folder.resolve("adapter"), model);
        Adapters.merge((Part) model.block());
        assertTrue(Adapters.of((Part) model.block()).isEmpty());
        assertArrayEquals(expected("outputs.safetensors", "logits"), logits(model), 1e-5f);
    }

    @Test
    void gradientsEqualPeftsAndTheRestHasNone() throws Exception {
        AdapterFolder.load(folder.resolve("adapter"), model);
        try (NDManager scope = model.manager().newSubManager();
                GradientMode on = GradientMode.on()) {
            Safetensors outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
            GradientMode.backward(
                    logits(model, scope, true), outputs.toNDArray(scope, "cotangent"));
        }
        Safetensors gradients = Safetensors.open(folder.resolve("gradients.safetensors"));
        Map<String, String> paths = new LinkedHashMap<>();
        for (String name : gradients.entries().keySet()) {
            paths.put(
                    name.substring(PREFIX.length())
                            .replace("bert.encoder.layer.", "encoder.transformer.layers.")
                            .replace("attention.self", "mixer")
                            .replace("lora_A.default.weight", "loraA")
                            .replace("lora_B.default.weight", "loraB")
                            .replace("classifier.modules_to_save.default", "head.output"),
                    name);
        }
        assertEquals(paths.keySet(), Adapters.state((Part) model.block()).keySet());
        ParameterPaths.of(model.block())
                .forEach(
                        (path, parameter) -> {
                            NDArray array = parameter.getArray();
                            assertEquals(paths.containsKey(path), array.hasGradient(), path);
                            if (array.hasGradient()) {
                                assertRelativelyClose(
                                        gradients.toNDArray(model.manager(), paths.get(path)),
                                        array.getGradient(),
                                        path);
                            }
                        });
    }

    private static void assertRelativelyClose(NDArray expected, NDArray actual, String path) {
        assertEquals(expected.getShape(), actual.getShape(), path);
        float largest = expected.abs().max().getFloat();
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-4f * largest, path);
    }

    @Test
    void ourFolderMakesTheSameModelAgain() throws Exception {
        LoraTuning tuning = AdapterFolder.load(folder.resolve("adapter"), model);
        Path ours = temporary.resolve("ours");
        AdapterFolder.save(ours, model, model.name(), tuning, "# A card\n");
        try (LoadedModel other = pretrained()) {
            assertEquals(tuning, AdapterFolder.load(ours, other));
            assertArrayEquals(logits(model), logits(other));
        }
    }

    @Test
    void peftsFolderIsWrittenAsItWasRead() throws Exception {
        LoraTuning tuning = AdapterFolder.load(folder.resolve("adapter"), model);
        Path written = temporary.resolve("written");
        PeftFolder.save(written, model, "published/bert", tuning, "# A card\n");
        JsonObject config = json(written);
        JsonObject published = json(folder.resolve("adapter"));
        for (String key : config.keySet()) {
            if (!key.equals("base_model_name_or_path") && !key.equals("modules_to_save")) {
                assertEquals(published.get(key), config.get(key), key);
            }
        }
        assertEquals("[\"classifier\"]", config.get("modules_to_save").toString());
        Safetensors expected =
                Safetensors.open(folder.resolve("adapter").resolve(AdapterFolder.WEIGHTS));
        Safetensors actual = Safetensors.open(written.resolve(AdapterFolder.WEIGHTS));
        assertEquals(expected.entries().keySet(), actual.entries().keySet());
        for (String name : expected.entries().keySet()) {
            assertEquals(expected.segments(name), actual.segments(name), name);
        }
        try (LoadedModel other = pretrained()) {
            assertEquals(tuning, AdapterFolder.load(written, other));
            assertArrayEquals(logits(model), logits(other));
        }
    }

    private static JsonObject json(Path folder) throws Exception {
        return JsonParser.parseString(Files.readString(folder.resolve(AdapterFolder.CONFIG)))
                .getAsJsonObject();
    }

    @Test
    void wholeNamesAreWrittenWhereLastWordsNameOthersToo() throws Exception {
        LoraTuning tuning =
                LoraTuning.of(2)
                        .withTargets(List.of("*layers.1.feedForward.up"))
                        .withTrainable(List.of("head.dense.*"));
        tuning.apply((Part) model.block());
        Path written = temporary.resolve("written");
        PeftFolder.save(written, model, "published/bert", tuning, "# A card\n");
        JsonObject config = json(written);
        assertEquals(
                "[\"bert.encoder.layer.1.intermediate.dense\"]",
                config.get("target_modules").toString());
        assertEquals("[\"bert.pooler.dense\"]", config.get("modules_to_save").toString());
        try (LoadedModel other = pretrained()) {
            AdapterFolder.load(written, other);
            assertArrayEquals(logits(model), logits(other));
        }
    }

    @Test
    void aHeadThatPeftsModelsLackIsNotWritten() {
        ModelConfig config = model.config();
        LoadedModel mean =
                LoadedModel.fresh(
                        "mean",
                        config.withTask(
                                new ClassificationTask(List.of("a", "b"), false, HeadOption.MEAN)),
                        null,
                        1,
                        Device.cpu());
        try (mean) {
            LoraTuning tuning = LoraTuning.of(2);
            tuning.apply((Part) mean.block());
            Path written = temporary.resolve("written");
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> PeftFolder.save(written, mean, "b", tuning, "card"))
                            .getMessage();
            assertEquals(
                    "head must be the published one of bert (FIRST tokens, TANH map) to be read by"
                            + " peft, got MEAN tokens, null map",
                    message);
            assertFalse(Files.exists(written));
        }
    }

    @Test
    void aDamagedFolderIsRefusedByName() throws Exception {
        LoraTuning tuning = AdapterFolder.load(folder.resolve("adapter"), model);
        Path ours = temporary.resolve("ours");
        AdapterFolder.save(ours, model, model.name(), tuning, "# A card\n");
        Path weights = ours.resolve(AdapterFolder.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 3] ^= 4;
        Files.write(weights, bytes);
        try (LoadedModel other = pretrained()) {
            String message =
                    assertThrows(
                                    MalformedModelException.class,
                                    () -> AdapterFolder.load(ours, other))
                            .getMessage();
            assertTrue(message.contains(AdapterFolder.WEIGHTS), message);
        }
    }
}
