package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * Outputs (B, D) along a random direction for each row: what its derivatives say is how much the
 * outputs depend on a part, without any labels. For {@link FirstOrder} of models that are not tuned
 * for a task yet.
 */
public final class OutputSensitivity implements Loss {

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        return LossKernel.projection(outputs.get(0));
    }
}
