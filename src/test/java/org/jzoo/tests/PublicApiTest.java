package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Application;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DelimitedFormat;
import org.jzoo.datasets.text.DelimitedSource;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.TensorType;

/** What another project sees and does: no package of ours is this one's. */
class PublicApiTest {

    private static final List<String> FOOD =
            List.of(
                    "fresh bread and butter",
                    "a bowl of tomato soup",
                    "grilled fish with lemon",
                    "rice, beans and onions",
                    "an apple pie with cream",
                    "cheese and red wine");
    private static final List<String> RAIL =
            List.of(
                    "the train leaves at noon",
                    "two tickets to Paris",
                    "the platform has changed",
                    "a delay on the northern line",
                    "the night express is full",
                    "change trains at the junction");

    @TempDir private Path temp;

    @Test
    void aPretrainedModelKnowsWhichTextsAreNear() throws Exception {
        try (LoadedModel model = Zoo.load("minilm-l6")) {
            float[] cat = model.embed("a cat sleeps on the sofa");
            float[] kitten = model.embed("the kitten naps on the couch");
            float[] bond = model.embed("interest rates moved bond prices");

            assertEquals(384, cat.length);
            assertEquals(1, dot(cat, cat), 1e-5);
            assertTrue(dot(cat, kitten) > 0.5, "cat, kitten: " + dot(cat, kitten));
            assertTrue(dot(cat, bond) < 0.2, "cat, bond: " + dot(cat, bond));
        }
    }

    @Test
    void djlsZooFindsAndLoadsIt() throws Exception {
        assertTrue(
                ModelZoo.listModels().get(Application.NLP.TEXT_EMBEDDING).stream()
                        .anyMatch(model -> model.getArtifactId().equals("minilm-l6")));
        Criteria<String, float[]> criteria =
                Criteria.builder()
                        .setTypes(String.class, float[].class)
                        .optApplication(Application.NLP.TEXT_EMBEDDING)
                        .optArtifactId("minilm-l6")
                        .build();
        try (ZooModel<String, float[]> model = ModelZoo.loadModel(criteria);
                Predictor<String, float[]> predictor = model.newPredictor()) {
            assertEquals(384, predictor.predict("hello").length);
        }
    }

    @Test
    void aModelLearnsFromAFileIsSavedAndComesBackThroughDjlsZoo() throws Exception {
        TextSource train = write("train.csv", FOOD.subList(0, 5), RAIL.subList(0, 5));
        TextSource test = write("test.csv", FOOD.subList(5, 6), RAIL.subList(5, 6));
        TextData data =
                new TextData("topics", "", train, null, test, LabelSet.of("food", "rail"), false);
        FineTuneConfig config =
                FineTuneConfig.builder()
                        .optModel("minilm-l6")
                        .optEpochs(8)
                        .optBatchSize(10)
                        .optMaxLength(16)
                        .optLearningRate(2e-4)
                        .build();
        Path folder = temp.resolve("topics");
        List<Double> before;
        try (FineTuned tuned = new FineTune(config, data).run()) {
            assertEquals(1.0, tuned.test().get("accuracy"), 0);
            before = tuned.model().classify("soup and bread").getProbabilities();
            ModelFolder.save(folder, tuned.model(), "# Topics", TensorType.F32);
        }

        Criteria<String, Classifications> criteria =
                Criteria.builder()
                        .setTypes(String.class, Classifications.class)
                        .optModelPath(folder)
                        .build();
        try (ZooModel<String, Classifications> model = ModelZoo.loadModel(criteria);
                Predictor<String, Classifications> predictor = model.newPredictor()) {
            Classifications soup = predictor.predict("soup and bread");
            assertEquals("food", soup.best().getClassName());
            assertEquals(before, soup.getProbabilities());
            assertEquals("rail", predictor.predict("the train is late").best().getClassName());
        }
    }

    private TextSource write(String name, List<String> food, List<String> rail) throws Exception {
        StringBuilder csv = new StringBuilder("text,label\n");
        food.forEach(text -> csv.append('"').append(text).append("\",food\n"));
        rail.forEach(text -> csv.append('"').append(text).append("\",rail\n"));
        Path file = Files.writeString(temp.resolve(name), csv);
        return DelimitedSource.of(file, TextColumns.of("text", "label"), DelimitedFormat.CSV);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
