package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.task.ImageTask;

/**
 * An image encoder with the head of a task.
 *
 * <p>Input: images {@code (B, C, Hi, Wi)} float32, preprocessed. Output: what the task's head says.
 * Without training it records no gradients, on whatever thread it runs.
 */
public final class ImageModel extends Part {

    private final ImageTask task;
    private final ImageEncoder encoder;

    /** Builds the model, without weights. */
    public ImageModel(ImageEncoderConfig config, ImageTask task) {
        this.task = task;
        encoder = child("encoder", new ImageEncoder(config));
        child("head", task.createHead(encoder));
    }

    /** What the head is for. */
    public ImageTask task() {
        return task;
    }

    /** The encoder. */
    public ImageEncoder encoder() {
        return encoder;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return pass.recordedInTraining(() -> run(inputs, pass));
    }

    private NDList run(NDList inputs, Pass pass) {
        return pass.run(part("head"), pass.run(encoder, inputs)); // (B, T, D) to the task's
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Block head = part("head");
        return head.getOutputShapes(encoder.getOutputShapes(inputShapes));
    }
}
