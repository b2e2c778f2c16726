package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Application;
import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.text.TokenizedText;

/** What a project does with jzoo's installed artifacts. */
class InstalledTest {

    private static final List<String> TEXTS = List.of("a good day", "what a terrible mess");

    @Test
    void djlsZooEmbedsASentence() throws Exception {
        Criteria<String, float[]> criteria =
                Criteria.builder()
                        .setTypes(String.class, float[].class)
                        .optApplication(Application.NLP.TEXT_EMBEDDING)
                        .optArtifactId("minilm-l6")
                        .build();
        try (ZooModel<String, float[]> model = ModelZoo.loadModel(criteria);
                Predictor<String, float[]> predictor = model.newPredictor()) {
            float[] cat = predictor.predict("a cat sleeps on the sofa");
            float[] kitten = predictor.predict("the kitten naps on the couch");
            float[] bond = predictor.predict("interest rates moved bond prices");
            assertEquals(384, cat.length);
            assertEquals(1, dot(cat, cat), 1e-3);
            assertTrue(dot(cat, kitten) > 0.5, "cat, kitten: " + dot(cat, kitten));
            assertTrue(dot(cat, bond) < 0.2, "cat, bond: " + dot(cat, bond));
        }
    }

    @Test
    void theTrainingLoopTunesIt() throws Exception {
        try (LoadedModel model =
                ModelSource.loadFor(
                        "minilm-l6",
                        head -> new ClassificationTask(List.of("bad", "good"), false, head),
                        Device.cpu())) {
            Part block = (Part) model.block();
            Tuning.lora(4).apply(block);
            TrainingResult result =
                    TrainingLoop.builder()
                            .setModel(block)
                            .setLoss(new CrossEntropy())
                            .setBatches(new TwoTexts(model))
                            .setConfig(TrainingConfig.builder().optEpochs(2).build())
                            .setOptimizer(AdamWConfig.of(1e-3))
                            .build()
                            .run();
            assertEquals(2, result.step());
        }
    }

    /** One batch of one text each epoch. */
    private record TwoTexts(LoadedModel model) implements Batches {

        @Override
        public int size(int epoch) {
            return 1;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            TokenizedText text = model.tokenizer().encode(TEXTS.get(epoch), null);
            Shape shape = new Shape(1, text.ids().length);
            return TrainingBatch.builder()
                    .setInputs(
                            new NDList(
                                    manager.create(text.ids(), shape),
                                    manager.create(text.typeIds(), shape)))
                    .setExamples(1)
                    .optLabels(new NDList(manager.create(new long[] {1 - epoch})))
                    .build();
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
