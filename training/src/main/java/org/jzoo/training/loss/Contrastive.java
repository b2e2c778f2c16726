package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * Pairs against all other pairs of the batch: the mean cross-entropy of the similarities {@code (B,
 * B)}, the first output, by row and by column, with what belongs together on the diagonal. Labels
 * are not looked at.
 *
 * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al. 2021, CLIP</a>, section 2.3
 */
public final class Contrastive implements Loss {

    /**
     * Computes the loss.
     *
     * @throws IllegalArgumentException if there are not as many rows as columns
     */
    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray logits = outputs.get(0); // (B, B)
        if (logits.getShape().dimension() != 2
                || logits.getShape().get(0) != logits.getShape().get(1)) {
            throw new IllegalArgumentException(
                    "logits must be (B, B), one row and one column a pair, got "
                            + logits.getShape());
        }
        return LossKernel.contrastive(logits);
    }
}
