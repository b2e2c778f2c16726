package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Task;

/** Models of images and texts: as many texts as images. */
record ImageTextFamily(ClipConfig config) implements Family {

    @Override
    public List<Task> tasks(Architecture architecture) {
        return List.of(new ImageTextTask());
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        NDList inputs = new TextEncoderFamily().inputs(manager, rows);
        ImagePreprocessing images = config.preprocessing();
        inputs.add(
                ImageEncoderFamily.images(manager, images, rows, images.height(), images.width()));
        return inputs;
    }

    /** The vectors of images and texts side by side: similarities have a column a row. */
    @Override
    public NDArray rows(NDList outputs) {
        return outputs.get(1).concat(outputs.get(2), 1);
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        return LossKernel.contrastive(outputs.get(0));
    }
}
