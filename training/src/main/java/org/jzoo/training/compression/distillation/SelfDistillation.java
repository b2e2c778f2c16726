package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * {@code task + weight · mean over layers l < L of |h_l - h_L|²}: a model's last layer teaches the
 * others, and gets no gradient from them. A model that learned so can lose its last layers.
 *
 * @see <a href="https://arxiv.org/abs/1905.08094">Zhang et al. 2019, Be Your Own Teacher</a>,
 *     section 3 (the loss of hints)
 */
public final class SelfDistillation implements Loss {

    private final Loss task;
    private final int layers;
    private final double weight;

    /**
     * Creates the loss.
     *
     * @param task of the labels
     * @param layers of the model (L), at least 2
     * @param weight of the hints, above 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public SelfDistillation(Loss task, int layers, double weight) {
        if (layers < 2 || !(weight > 0)) {
            throw new IllegalArgumentException(
                    "layers must be >= 2 and weight > 0, got layers=%d, weight=%s"
                            .formatted(layers, weight));
        }
        this.task = task;
        this.layers = layers;
        this.weight = weight;
    }

    @Override
    public Set<String> captures() {
        return Set.of(InternalKind.HIDDEN.capture());
    }

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        Map<String, NDArray> captured = context.captured();
        NDArray last = InternalDistillation.internal(captured, InternalKind.HIDDEN, layers);
        NDArray sum = null;
        for (int l = 1; l < layers; l++) {
            NDArray hint =
                    LossKernel.hiddenDistance(
                            InternalDistillation.internal(captured, InternalKind.HIDDEN, l),
                            last,
                            context.mask());
            sum = sum == null ? hint : LinearKernel.add(sum, hint);
        }
        return LinearKernel.add(
                task.compute(outputs, labels, context),
                LossKernel.scale(sum, weight / (layers - 1)));
    }
}
