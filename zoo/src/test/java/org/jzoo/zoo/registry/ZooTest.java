package org.jzoo.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.weights.TensorType;

/** Listing and loading by name. */
class ZooTest {

    @TempDir Path home;

    @BeforeEach
    void moveIn() {
        System.setProperty(LocalModels.PROPERTY, home.toString());
    }

    @AfterEach
    void moveOut() {
        System.clearProperty(LocalModels.PROPERTY);
    }

    @Test
    void patternsMatchNamesAndAliasesInAnyCase() {
        assertEquals(List.of("minilm-l6"), names("*MiniLM*"));
        assertEquals(List.of("minilm-l6"), names("all-*"));
        assertEquals(List.of("bge-small-en", "bge-small-zh"), names("bge-small-??"));
        assertEquals(List.of(), names("minilm"));
        assertEquals(
                Set.of(
                        "minilm-l6",
                        "bge-small-en",
                        "bge-small-zh",
                        "j1-emoji",
                        "j1-grids",
                        "j1-tiny",
                        "j2-lite-sst2",
                        "j2-lite-stsb",
                        "j2-lite-vqa",
                        "j3-factbook",
                        "j3-recall"),
                Set.copyOf(names("*")));
    }

    @Test
    void savedModelsAreListedAndLoadBitEqual() throws Exception {
        Path folder = LocalModels.folder("mine");
        float[] before;
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            before = model.embed("hello");
            ModelFolder.save(folder, model, "---\nlicense: mit\n---\n", TensorType.F32);
            ModelInfo info = Zoo.info("MINE");
            assertEquals("mit", info.licence());
            assertEquals(model.numParameters(), info.parameters());
            assertEquals("bert", info.architecture());
            assertEquals("available", info.availability());
            assertEquals(64, info.sha256().length());
        }
        for (String name : List.of("mine", folder.toString())) {
            try (LoadedModel model = Zoo.load(name, Device.cpu())) {
                assertArrayEquals(before, model.embed("hello"));
            }
        }
        Files.createDirectories(LocalModels.folder("no-model"));
        assertEquals(List.of("mine"), names("m*e"));
    }

    @Test
    void unknownNamesGetASuggestion() {
        assertEquals(
                "name must be a model of the zoo or a model's folder, got name=minlm-l6; did you"
                        + " mean minilm-l6?",
                unknown("minlm-l6"));
        assertTrue(unknown("minilm").contains("did you mean minilm-l6"), unknown("minilm"));
        assertTrue(unknown("gpt-9000-turbo").contains("; there are [minilm-l6"));
        assertTrue(unknown(null).contains("got name=null"));
        assertTrue(unknown("").contains("got name=;"));
    }

    private static String unknown(String name) {
        return assertThrows(IllegalArgumentException.class, () -> Zoo.load(name)).getMessage();
    }

    @Test
    void weightsThatAreNotOnTheClassPathNameTheirArtifact() {
        Pretrained absent =
                new Pretrained(
                        "absent",
                        "absent-v1",
                        "org.example:absent:1",
                        "/absent.onnx",
                        "/absent.json",
                        Pooling.MEAN,
                        "MIT",
                        "not there",
                        1,
                        4,
                        "0");
        assertEquals(
                "add the Maven dependency org.example:absent:1",
                ModelInfo.of(absent).availability());
        FileNotFoundException e =
                assertThrows(
                        FileNotFoundException.class,
                        () -> absent.load(absent.task(), Device.cpu()));
        assertTrue(e.getMessage().contains("org.example:absent:1"), e.getMessage());
    }

    @Test
    void theListTellsTheTruthAboutTheWeights() throws Exception {
        ModelInfo info = Zoo.info("minilm-l6");
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        long size = 0;
        try (InputStream in = ZooTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            byte[] block = new byte[1 << 20];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                sha.update(block, 0, n);
                size += n;
            }
        }
        assertEquals(info.bytes(), size);
        assertEquals(info.sha256(), HexFormat.of().formatHex(sha.digest()));
        try (LoadedModel model = Zoo.load("all-MiniLM-L6-v2", Device.cpu())) {
            assertEquals(info.parameters(), model.numParameters());
            assertEquals(384, model.embed("hello").length);
        }
    }

    private static List<String> names(String pattern) {
        return Zoo.list(pattern).stream().map(ModelInfo::name).toList();
    }
}
