package org.jzoo.examples.recipe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;

/**
 * The cross-entropy of the answers, plus {@code teaching} times the mean of {@code -log g[trusted]}
 * over the questions in which one modality is of no use.
 */
final class VqaLoss implements Loss {

    private final double teaching;

    VqaLoss(double teaching) {
        this.teaching = teaching;
    }

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray answers = LossKernel.crossEntropy(outputs.get(0), labels.get(0), null, 0);
        if (teaching == 0 || outputs.size() < 2) {
            return answers;
        }
        NDArray gate = FusionKernel.logWeights(outputs.get(1)); // (B, 2)
        NDArray trust = FusionKernel.trust(gate, labels.get(1), LossKernel.IGNORE);
        return LinearKernel.add(answers, LossKernel.scale(trust, teaching));
    }
}
