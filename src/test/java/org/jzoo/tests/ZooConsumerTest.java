package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Application;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.TensorType;

/** The zoo as a stranger uses it: list, load, ask, save, reload, through us and through DJL. */
class ZooConsumerTest {

    @TempDir Path temp;

    @Test
    void aModelIsListedLoadedAskedSavedAndFoundAgain() throws Exception {
        ModelInfo info = Zoo.list("*minilm*").get(0);
        assertTrue(info.available(), info::availability);

        Path folder = temp.resolve("my-encoder");
        float[] vector;
        try (LoadedModel model = Zoo.load(info.name())) {
            vector = model.embed("hello");
            float[][] all =
                    model.embed(List.of("A cat sleeps.", "A kitten naps.", "Shares fell sharply."));
            assertTrue(dot(all[0], all[1]) > dot(all[0], all[2]) + 0.2, "near things are near");
            String card = ModelCard.of(model).optLicence(info.licence()).build().toMarkdown();
            ModelFolder.save(folder, model, card, TensorType.F16);
        }
        assertTrue(Files.readString(folder.resolve("README.md")).contains("license: Apache-2.0"));

        try (LoadedModel model = Zoo.load(folder.toString())) {
            assertArrayEquals(vector, model.embed("hello"), 2e-3f);
            assertThrows(IllegalArgumentException.class, () -> model.classify("hello"));
        }
        Criteria<String[], float[][]> byFolder =
                Criteria.builder()
                        .setTypes(String[].class, float[][].class)
                        .optModelPath(folder)
                        .build();
        try (ZooModel<String[], float[][]> model = ModelZoo.loadModel(byFolder);
                Predictor<String[], float[][]> predictor = model.newPredictor()) {
            assertArrayEquals(vector, predictor.predict(new String[] {"hello", "x"})[0], 2e-3f);
        }
    }

    @Test
    void djlFindsTheModelByItsGroupArtifactAndHash() throws Exception {
        assertTrue(
                ModelZoo.listModels().get(Application.NLP.TEXT_EMBEDDING).stream()
                        .anyMatch(resource -> resource.getArtifactId().equals("minilm-l6")));
        Criteria<Input, Output> criteria =
                Criteria.builder()
                        .setTypes(Input.class, Output.class)
                        .optGroupId("org.jzoo")
                        .optArtifactId("minilm-l6")
                        .optFilter("sha256", Zoo.info("minilm-l6").sha256())
                        .build();
        assertTrue(criteria.isDownloaded());
        try (ZooModel<Input, Output> model = criteria.loadModel();
                Predictor<Input, Output> predictor = model.newPredictor()) {
            Input input = new Input();
            input.add("hello");
            Output output = predictor.predict(input);
            assertEquals(200, output.getCode());
            assertEquals(384, output.getData().getAsString().split(",", -1).length);
        }
    }

    @Test
    void aWrongNameIsAnsweredWithTheRightOne() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Zoo.load("minilm-l12"));
        assertTrue(e.getMessage().contains("did you mean minilm-l6?"), e.getMessage());
        assertFalse(Zoo.list().isEmpty());
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
