package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.zoo.encoder.PreNormImageEncoder;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.weights.TensorType;

/** A vision transformer as a stranger uses it: built, trained on drawings, saved, asked. */
class ImageConsumerTest {

    private static final List<String> SHAPES = List.of("circle", "square", "bar");

    private static final ImagePreprocessing PREPROCESSING = ImagePreprocessing.stretched(16, 3);

    @TempDir Path temp;

    /** A shape of random size, place and pale colour. */
    private static Image drawing(int label, Random random) {
        BufferedImage picture = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(Color.getHSBColor(random.nextFloat(), 0.3f, 1));
        pen.setStroke(new BasicStroke(2));
        int size = 10 + random.nextInt(4);
        int x = random.nextInt(24 - size);
        int y = random.nextInt(20 - size);
        switch (label) {
            case 0 -> pen.drawOval(x, y, size, size);
            case 1 -> pen.fillRect(x, y, size, size);
            default -> pen.fillRect(x, y + size / 2, size, 2);
        }
        pen.dispose();
        return ImageFactory.getInstance().fromImage(picture);
    }

    /** New drawings in every batch, the same for the same numbers. */
    private record Drawings(int count, int rows) implements Batches {

        @Override
        public int size(int epoch) {
            return count;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            Random random = new Random(1000L * epoch + index);
            long[] labels = new long[rows];
            List<Image> images = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                labels[i] = i % SHAPES.size();
                images.add(drawing((int) labels[i], random));
            }
            return TrainingBatch.builder()
                    .setInputs(new NDList(PREPROCESSING.batch(manager, images)))
                    .setExamples(rows)
                    .optLabels(new NDList(manager.create(labels)))
                    .build();
        }
    }

    @Test
    void aVisionTransformerLearnsShapesAndServesThem() throws Exception {
        PreNormImageEncoder numbers =
                new PreNormImageEncoder(32, 2, 4, 64, Activation.GELU, true, 0, 0, 1e-6);
        ModelConfig config =
                ModelConfig.of(
                        "vit",
                        numbers.config(new PatchOption(3, 4, true), 16, false, PREPROCESSING),
                        new ImageClassificationTask(SHAPES, new HeadOption(Pooling.MEAN, null, 0)));
        Path folder = temp.resolve("shapes");
        try (LoadedModel model = LoadedModel.fresh("shapes", config, null, 3, Device.cpu())) {
            TrainingLoop.builder()
                    .setModel(model.block())
                    .setLoss(new CrossEntropy())
                    .setBatches(new Drawings(120, 24))
                    .setConfig(TrainingConfig.builder().optEpochs(1).optSeed(3).build())
                    .setOptimizer(AdamWConfig.builder().setLearningRate(3e-3).build())
                    .build()
                    .run();
            ModelFolder.save(folder, model, "# Shapes\n", TensorType.F32);
        }

        Random unseen = new Random(77);
        List<Image> images = IntStream.range(0, 60).mapToObj(i -> drawing(i % 3, unseen)).toList();
        Criteria<Image, Classifications> byFolder =
                Criteria.builder()
                        .setTypes(Image.class, Classifications.class)
                        .optModelPath(folder)
                        .build();
        try (ZooModel<Image, Classifications> served = ModelZoo.loadModel(byFolder);
                Predictor<Image, Classifications> predictor = served.newPredictor();
                LoadedModel ours = Zoo.load(folder.toString())) {
            List<Classifications> answers = predictor.batchPredict(images);
            long right =
                    IntStream.range(0, images.size())
                            .filter(
                                    i ->
                                            answers.get(i)
                                                    .best()
                                                    .getClassName()
                                                    .equals(SHAPES.get(i % 3)))
                            .count();
            assertTrue(right >= 54, right + " of 60 are right");
            assertEquals(
                    answers.get(0).best().getClassName(),
                    ours.classify(images.get(0)).best().getClassName());
        }
    }
}
