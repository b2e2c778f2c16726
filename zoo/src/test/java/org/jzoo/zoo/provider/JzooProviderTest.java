package org.jzoo.zoo.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Application;
import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.util.ZipUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Shipped;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.weights.TensorType;

/** The zoo through DJL's own doors, with two saved models beside the pretrained ones. */
class JzooProviderTest {

    private static final String TEXT = "a fine day";

    @TempDir static Path home;

    private static float[] embedding;
    private static List<Double> probabilities;

    @BeforeAll
    static void save() throws Exception {
        System.setProperty(LocalModels.PROPERTY, home.toString());
        try (LoadedModel embedder = TinyModels.of(TinyModels.embeddings());
                LoadedModel classifier = TinyModels.of(TinyModels.labels(false))) {
            embedding = embedder.embed(TEXT);
            probabilities = classifier.classify(TEXT).getProbabilities();
            ModelFolder.save(LocalModels.folder("tiny-embedder"), embedder, "", TensorType.F32);
            ModelFolder.save(LocalModels.folder("tiny-classifier"), classifier, "", TensorType.F32);
        }
    }

    @AfterAll
    static void forget() {
        System.clearProperty(LocalModels.PROPERTY);
    }

    @Test
    void modelsAreListedByApplication() throws Exception {
        Map<Application, List<MRL>> listed = ModelZoo.listModels();
        List<String> embedders =
                listed.get(Application.NLP.TEXT_EMBEDDING).stream()
                        .map(MRL::getArtifactId)
                        .toList();
        assertTrue(
                embedders.containsAll(List.of("minilm-l6", "bge-small-en", "tiny-embedder")),
                embedders::toString);
        assertTrue(
                listed.get(Application.NLP.TEXT_CLASSIFICATION).stream()
                        .anyMatch(resource -> resource.getArtifactId().equals("tiny-classifier")));
    }

    @Test
    void theGroupHoldsOurModelsWithTheHashOfTheirWeights() throws Exception {
        ModelZoo zoo = ModelZoo.getModelZoo("org.jzoo");
        List<String> shipped = Shipped.all().stream().map(Shipped::name).toList();
        assertTrue(shipped.contains("j1-emoji"), shipped::toString);
        assertEquals(5 + shipped.size(), zoo.getModelLoaders().size());
        Artifact minilm = zoo.getModelLoader("all-MiniLM-L6-v2").getMrl().getDefaultArtifact();
        assertEquals("minilm-l6", minilm.getName());
        assertEquals(64, minilm.getProperties().get("sha256").length());
        Artifact tiny = zoo.getModelLoader("tiny-embedder").getMrl().getDefaultArtifact();
        assertTrue(
                Files.readString(home.resolve("models/tiny-embedder/checksums.json"))
                        .contains(tiny.getProperties().get("sha256")));
    }

    @Test
    void modelsAreFoundByArtifactByFilterAndByApplication() throws Exception {
        checkEmbedder(embedder().optGroupId("org.jzoo").optArtifactId("tiny-embedder").build());
        checkEmbedder(embedder().optFilter("name", "tiny-embedder").build());
        checkEmbedder(
                embedder()
                        .optApplication(Application.NLP.TEXT_EMBEDDING)
                        .optFilters(Map.of("task", "embedding", "name", "tiny-embedder"))
                        .optEngine("PyTorch")
                        .optDevice(Device.cpu())
                        .build());
        checkClassifier(
                Criteria.builder()
                        .setTypes(String.class, Classifications.class)
                        .optApplication(Application.NLP.ANY)
                        .build());
    }

    @Test
    void modelsAreFoundByFolder() throws Exception {
        Path folder = LocalModels.folder("tiny-embedder");
        checkEmbedder(embedder().optModelPath(folder).build());
        checkEmbedder(embedder().optModelUrls(folder.toUri().toString()).build());
        checkEmbedder(embedder().optModelUrls(folder.toString()).optEngine("PyTorch").build());
        checkClassifier(
                Criteria.builder()
                        .setTypes(String.class, Classifications.class)
                        .optModelPath(LocalModels.folder("tiny-classifier"))
                        .build());
    }

    @Test
    void precisionIsAnOptionOfZooAndFolder() throws Exception {
        Path folder = LocalModels.folder("tiny-embedder");
        List<Criteria<String, float[]>> all =
                List.of(
                        embedder()
                                .optArtifactId("tiny-embedder")
                                .optOption("precision", "bfloat16")
                                .build(),
                        embedder().optModelPath(folder).optOption("precision", "bfloat16").build(),
                        embedder()
                                .optModelPath(folder)
                                .optArgument("precision", "bfloat16")
                                .build());
        for (Criteria<String, float[]> criteria : all) {
            float[] near = predict(criteria);
            assertArrayEquals(embedding, near, 0.02f);
            assertFalse(java.util.Arrays.equals(embedding, near), criteria::toString);
        }
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                embedder()
                                        .optArtifactId("tiny-embedder")
                                        .optOption("precision", "int3")
                                        .build()
                                        .loadModel());
        assertEquals(
                "precision must be float32, bfloat16, auto or fastest, got precision=int3",
                e.getMessage());
    }

    @Test
    void aServerLoadsAFolderByItsProperties() throws Exception {
        Path folder = LocalModels.folder("tiny-classifier");
        Path archive = home.resolve("served.zip");
        ZipUtils.zip(folder, archive, false);
        for (String url : List.of(folder.toUri().toString(), archive.toUri().toString())) {
            Criteria<Input, Output> criteria =
                    Criteria.builder()
                            .setTypes(Input.class, Output.class)
                            .optModelUrls(url)
                            .build();
            try (ZooModel<Input, Output> model = criteria.loadModel();
                    Predictor<Input, Output> predictor = model.newPredictor()) {
                Input input = new Input();
                input.add(TEXT);
                Output output = predictor.predict(input);
                assertEquals(200, output.getCode());
                String json = output.getData().getAsString();
                assertTrue(json.startsWith("[{\"className\":"), json);
            }
        }
    }

    @Test
    void whatIsNotThereIsNotFoundAndTheReasonIsGiven() {
        ModelNotFoundException types =
                assertThrows(
                        ModelNotFoundException.class,
                        () ->
                                Criteria.builder()
                                        .setTypes(String.class, Integer.class)
                                        .optArtifactId("tiny-embedder")
                                        .build()
                                        .loadModel());
        assertTrue(
                types.getCause().getMessage().contains("String -> float[]"),
                types.getCause().getMessage());
        ModelNotFoundException filter =
                assertThrows(
                        ModelNotFoundException.class,
                        () -> embedder().optFilter("name", "none").build().loadModel());
        assertTrue(filter.getCause().getMessage().contains("filters must match"));
        ModelNotFoundException folderTypes =
                assertThrows(
                        ModelNotFoundException.class,
                        () ->
                                Criteria.builder()
                                        .setTypes(String.class, Classifications.class)
                                        .optModelPath(LocalModels.folder("tiny-embedder"))
                                        .build()
                                        .loadModel());
        assertTrue(
                folderTypes.getCause().getCause().getMessage().contains("String -> float[]"),
                folderTypes::toString);
    }

    @Test
    void nothingIsPrintedAndNoNetworkTouched() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", // later JDKs warn without
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Djzoo.home=" + home,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        // It warns where a CUDA toolkit is installed without a driver.
                        "-Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda.CudaUtils=error",
                        QuietSearch.class.getName(),
                        "tiny-embedder");
        builder.environment().remove("DJL_OFFLINE");
        Path out = home.resolve("out.txt");
        Path err = home.resolve("err.txt");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
        String printed = Files.readString(out, StandardCharsets.UTF_8);
        assertEquals("", Files.readString(err, StandardCharsets.UTF_8));
        assertEquals(0, process.exitValue(), printed);
        assertFalse(printed.contains("network"), printed);
        assertTrue(printed.contains("found 8"), printed);
    }

    private static Criteria.Builder<String, float[]> embedder() {
        return Criteria.builder().setTypes(String.class, float[].class);
    }

    private static float[] predict(Criteria<String, float[]> criteria) throws Exception {
        try (ZooModel<String, float[]> model = criteria.loadModel();
                Predictor<String, float[]> predictor = model.newPredictor()) {
            return predictor.predict(TEXT);
        }
    }

    private static void checkEmbedder(Criteria<String, float[]> criteria) throws Exception {
        assertArrayEquals(embedding, predict(criteria));
    }

    private static void checkClassifier(Criteria<String, Classifications> criteria)
            throws Exception {
        try (ZooModel<String, Classifications> model = criteria.loadModel();
                Predictor<String, Classifications> predictor = model.newPredictor()) {
            assertEquals(probabilities, predictor.predict(TEXT).getProbabilities());
        }
    }
}
