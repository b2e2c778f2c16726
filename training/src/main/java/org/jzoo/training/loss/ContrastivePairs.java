package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * Partners against all other partners of the batch: the first output holds vectors {@code (2 B,
 * E)}, of which row i and row B + i belong together; the loss is the mean cross-entropy of finding
 * each one's partner by the products with all rows of the other half, divided by the temperature.
 * Labels are not looked at.
 *
 * @param temperature positive; vectors of length 1 do well with 0.05
 * @see <a href="https://arxiv.org/abs/2104.08821">Gao et al. 2021, SimCSE</a>, section 2
 */
public record ContrastivePairs(double temperature) implements Loss {

    /** Checks the range. */
    public ContrastivePairs {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException(
                    "temperature must be > 0, got temperature=" + temperature);
        }
    }

    /**
     * Computes the loss.
     *
     * @throws IllegalArgumentException if the rows are no pairs
     */
    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray vectors = outputs.get(0); // (2 B, E)
        if (vectors.getShape().dimension() != 2 || vectors.getShape().get(0) % 2 != 0) {
            throw new IllegalArgumentException(
                    "vectors must be (2 B, E), first halves before second ones, got "
                            + vectors.getShape());
        }
        return LossKernel.contrastivePairs(vectors, temperature);
    }
}
