package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Brings targets into the shape of what they are compared with. */
final class Targets {

    private Targets() {}

    // (B) against (B, 1) would be broadcast to (B, B) by PyTorch without a word.
    static NDArray like(NDArray predictions, NDArray targets) {
        Shape shape = predictions.getShape();
        if (shape.size() != targets.getShape().size()) {
            throw new IllegalArgumentException(
                    "targets must have as many elements as outputs, got outputs=%s, targets=%s"
                            .formatted(shape, targets.getShape()));
        }
        return targets.reshape(shape);
    }
}
