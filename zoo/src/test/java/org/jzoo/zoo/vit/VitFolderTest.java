package org.jzoo.zoo.vit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.image.Resampling;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.testing.GoldenCheck;
import org.jzoo.zoo.testing.TinyImages;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;

/** Folders of ViT in Hugging Face's layout and in ours. */
class VitFolderTest {

    private static final Image PICTURE = TinyImages.picture(20, 10, new Color(200, 100, 50));

    private static final String CONFIG =
            """
            {"model_type": "vit", "architectures": ["ViTForImageClassification"],
             "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 20, "image_size": 8, "patch_size": 4, "layer_norm_eps": 1e-6,
             "id2label": {"0": "cat", "1": "dog", "2": "cow"}}
            """;

    @TempDir Path temporary;

    @Test
    void aPublishedClassifierIsReadWithItsLabelsAndItsPreprocessing() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("published"));
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                """
                {"do_normalize": true, "do_resize": true, "size": 8, "resample": 2,
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
                 "feature_extractor_type": "ViTFeatureExtractor"}
                """);
        try (LoadedModel model = TinyImages.of(TinyImages.labels())) {
            TensorSource published =
                    new Vit()
                            .names(model.config())
                            .toForeign(TensorSource.ofParameters("vit", model.parameters()));
            assertEquals(
                    new Shape(8, 3, 4, 4),
                    published.entry("embeddings.patch_embeddings.projection.weight").shape());
            assertEquals(
                    new Shape(1, 5, 8), published.entry("embeddings.position_embeddings").shape());
            assertEquals(new Shape(1, 1, 8), published.entry("embeddings.cls_token").shape());
            write(folder, model, published);
            try (LoadedModel read = Zoo.load(folder, Device.cpu())) {
                assertEquals(model.config(), read.config());
                assertSame(model.classify(PICTURE), read.classify(PICTURE));
            }
        }
    }

    /** Writes the tensors as checkpoints have them: the encoder's under "vit.". */
    private static void write(Path folder, LoadedModel model, TensorSource published)
            throws IOException {
        Map<String, NDArray> arrays = new HashMap<>();
        for (String name : published.entries().keySet()) {
            assertTrue(
                    name.startsWith("embeddings.")
                            || name.startsWith("encoder.layer.")
                            || name.startsWith("layernorm.")
                            || name.startsWith("classifier."),
                    name);
            arrays.put(
                    name.startsWith("classifier.") ? name : "vit." + name,
                    published.toNDArray(model.manager(), name));
        }
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"), TensorSource.ofArrays("vit", arrays));
    }

    @Test
    void aPublishedEncoderIsLoadedByItsFolder() throws Exception {
        try (LoadedModel model = Zoo.load(GoldenCheck.folder("vit"), Device.cpu())) {
            assertEquals(new ImageEmbeddingTask(Pooling.FIRST, null, false), model.config().task());
            assertNull(model.tokenizer());
            assertEquals(32, model.embed(PICTURE).length);
        }
    }

    @Test
    void aSavedModelReadsPicturesAsBefore() throws Exception {
        Path folder = temporary.resolve("saved");
        try (LoadedModel model = TinyImages.of(TinyImages.labels())) {
            ModelFolder.save(folder, model, "card", TensorType.F32);
            try (LoadedModel copy = ModelFolder.load(folder, Device.cpu())) {
                assertEquals(model.config(), copy.config());
                assertSame(model.classify(PICTURE), copy.classify(PICTURE));
            }
        }
        try (LoadedModel model = TinyImages.clip()) {
            Path both = temporary.resolve("both");
            ModelFolder.save(both, model, "card", TensorType.F32);
            try (LoadedModel copy = ModelFolder.load(both, Device.cpu())) {
                assertEquals(model.config(), copy.config());
                assertArrayEquals(model.embed("a cow"), copy.embed("a cow"));
                assertSame(
                        model.classify(PICTURE, List.of("a", "b")),
                        copy.classify(PICTURE, List.of("a", "b")));
            }
        }
    }

    private static void assertSame(Classifications a, Classifications b) {
        assertEquals(a.getClassNames(), b.getClassNames());
        assertEquals(a.getProbabilities(), b.getProbabilities());
    }

    @Test
    void preprocessingIsReadInEachOfItsForms() throws Exception {
        List<Double> half = List.of(0.5, 0.5, 0.5);
        assertEquals(ImagePreprocessing.stretched(8, 3), preprocessing(null));
        assertEquals(
                new ImagePreprocessing(
                        16,
                        12,
                        0,
                        Resampling.BICUBIC,
                        List.of(0.1, 0.2, 0.3),
                        List.of(1.0, 2.0, 3.0)),
                preprocessing(
                        """
                        {"size": {"height": 16, "width": 12}, "resample": 3,
                         "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 2, 3]}
                        """));
        assertEquals(
                new ImagePreprocessing(8, 8, 10, Resampling.LANCZOS, half, half),
                preprocessing(
                        """
                        {"size": {"shortest_edge": 10}, "crop_size": {"height": 8, "width": 8},
                         "do_center_crop": true, "resample": 1, "do_rescale": true,
                         "rescale_factor": 0.00392156862745098, "do_convert_rgb": true}
                        """));
        assertEquals(List.of(0.0, 0.0, 0.0), preprocessing("{\"do_normalize\": false}").mean());
    }

    @Test
    void preprocessingThatIsNotSupportedIsNamed() {
        assertRejects("{\"resample\": 0}", "resample must be 1 (Lanczos)");
        assertRejects("{\"do_resize\": false}", "\"do_resize\" must be true");
        assertRejects("{\"rescale_factor\": 1}", "rescale_factor must be 1/255");
        assertRejects("{\"invert\": true}", "invert=true");
        assertRejects("{\"size\": {\"longest_edge\": 8}}", "height");
        assertRejects("{\"do_center_crop\": true}", "size must be a shortest edge");
        assertRejects("{\"image_mean\": \"grey\"}", "must be a list of numbers");
    }

    private void assertRejects(String file, String part) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> preprocessing(file))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }

    private ImagePreprocessing preprocessing(String file) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "preprocessing");
        Files.writeString(folder.resolve("config.json"), CONFIG);
        if (file != null) {
            Files.writeString(folder.resolve("preprocessor_config.json"), file);
        }
        return ((ImageModelOption) new Vit().readConfig(HuggingFaceConfig.of(folder)))
                .preprocessing();
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        assertEquals(
                "architectures must be ViTModel or ViTForImageClassification, got"
                        + " ViTForMaskedImageModeling",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new Vit()
                                                .readTask(
                                                        config(
                                                                "ViTForImageClassification",
                                                                "ViTForMaskedImageModeling")))
                        .getMessage());
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new Vit()
                                                .readConfig(
                                                        config(
                                                                "\"patch_size\"",
                                                                "\"use_swiglu\": 1,"
                                                                        + " \"patch_size\"")))
                        .getMessage()
                        .contains("use_swiglu=1"));
        assertEquals(
                "task must be one of an image encoder, got task=EmbeddingTask",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        TinyImages.config(ImagePreprocessing.stretched(8, 3))
                                                .create(new EmbeddingTask(Pooling.MEAN, true)))
                        .getMessage());
        assertEquals(
                "patch size must divide height and width, got size=4, height=10, width=10",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TinyImages.config(ImagePreprocessing.stretched(10, 3)))
                        .getMessage());
        assertTrue(
                ((ImageClassificationTask) new Vit().readTask(config("", "")))
                        .labels()
                        .contains("cow"));
    }

    private static HuggingFaceConfig config(String from, String to) {
        JsonObject json =
                JsonParser.parseString(from.isEmpty() ? CONFIG : CONFIG.replace(from, to))
                        .getAsJsonObject();
        return new HuggingFaceConfig("config.json", json);
    }
}
