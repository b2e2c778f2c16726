package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * The mean binary cross-entropy of logits against targets in [0, 1], float32, of equally many
 * elements: {@code (B, C)} for several labels each, or {@code (B, 1)} and {@code (B)}.
 */
public final class BinaryCrossEntropy implements Loss {

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray logits = outputs.get(0); // (B, ...)
        return LossKernel.binaryCrossEntropy(logits, Targets.like(logits, labels.get(0)));
    }
}
