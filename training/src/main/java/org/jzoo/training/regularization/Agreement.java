package org.jzoo.training.regularization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Objects;
import java.util.Set;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * R-Drop, for {@link DoubledBatches}: {@code loss(outputs, labels) + α/2 · mean (KL(p ‖ q) + KL(q ‖
 * p)) / 2}, where p and q are what the model says of the same row under two dropouts. It is half of
 * the paper's loss, whose first term is a sum over both. Where outputs are one number, the second
 * term is {@code α/2 · mean (a - b)²}.
 *
 * <p>Outputs are (2 B, C), the second half for the same rows as the first.
 *
 * @see <a href="https://arxiv.org/abs/2106.14448">Liang et al. 2021, R-Drop</a>, equations 2 to 4
 */
public final class Agreement implements Loss {

    private final Loss task;
    private final double alpha;

    /**
     * Creates the loss.
     *
     * @param task of the labels, a mean over rows
     * @param alpha α, above 0
     * @throws IllegalArgumentException if {@code alpha} is out of its range
     */
    public Agreement(Loss task, double alpha) {
        this.task = Objects.requireNonNull(task, "task");
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new IllegalArgumentException("alpha must be > 0 and finite, got alpha=" + alpha);
        }
        this.alpha = alpha;
    }

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray own = task.compute(outputs, labels, context);
        NDArray apart = LossKernel.agreement(outputs.get(0));
        return LinearKernel.add(own, LossKernel.scale(apart, alpha / 2));
    }

    @Override
    public Set<String> captures() {
        return task.captures();
    }
}
