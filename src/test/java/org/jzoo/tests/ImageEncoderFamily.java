package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.PoolerOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;

/** Image encoders: images in the size that their preprocessing makes. */
record ImageEncoderFamily(ImageEncoderConfig config) implements Family {

    @Override
    public List<Task> tasks(Architecture architecture) {
        return List.of(
                new ImageClassificationTask(List.of("a", "b", "c"), architecture.head()),
                new ImageEmbeddingTask(Pooling.MEAN, null, true),
                new ImageEmbeddingTask(Pooling.FIRST, new PoolerOption(5, Activation.TANH), false));
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        ImagePreprocessing images = config.preprocessing();
        return new NDList(images(manager, images, rows, images.height(), images.width()));
    }

    /** Random images. */
    static NDArray images(
            NDManager manager, ImagePreprocessing like, int rows, int height, int width) {
        Shape shape = new Shape(rows, like.channels(), height, width);
        Random random = new Random(6);
        float[] pixels = new float[(int) shape.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat() * 2 - 1;
        }
        return manager.create(pixels, shape);
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        NDArray logits = outputs.singletonOrThrow();
        NDArray labels = logits.getManager().create(new long[] {0, 1, 2, 2, 1, 0});
        return LossKernel.crossEntropy(logits, labels, null, 0);
    }
}
