package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * The mean of {@code (prediction - target)²}: predictions and targets of equally many elements,
 * such as {@code (B, 1)} and {@code (B)}.
 */
public final class SquaredError implements Loss {

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray predictions = outputs.get(0); // (B, ...)
        return LossKernel.meanSquaredError(predictions, Targets.like(predictions, labels.get(0)));
    }
}
