package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * The mean of {@code -log softmax(logits)[label]}: logits {@code (..., C)}, labels {@code (...)}
 * int64 in [0, C), or {@link LossKernel#IGNORE} for rows that count for nothing.
 *
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. 2015</a>, section 7 (smoothing)
 */
public final class CrossEntropy implements Loss {

    private final double smoothing;
    private final float[] classWeights;

    /** Without smoothing, all classes alike. */
    public CrossEntropy() {
        this(0, null);
    }

    /**
     * Creates the loss.
     *
     * @param smoothing share of the target that is spread evenly over all classes, in [0, 1)
     * @param classWeights (C), the weight of each class, at least 0; null for all alike
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CrossEntropy(double smoothing, float[] classWeights) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException(
                    "smoothing must be in [0, 1), got smoothing=" + smoothing);
        }
        for (int c = 0; classWeights != null && c < classWeights.length; c++) {
            if (!(classWeights[c] >= 0)) {
                throw new IllegalArgumentException(
                        "classWeights must be >= 0, got classWeights="
                                + Arrays.toString(classWeights));
            }
        }
        this.smoothing = smoothing;
        this.classWeights = classWeights == null ? null : classWeights.clone();
    }

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        NDArray logits = outputs.get(0); // (..., C)
        NDArray weights = null; // (C)
        if (classWeights != null) {
            long classes = logits.getShape().tail();
            if (classes != classWeights.length) {
                throw new IllegalArgumentException(
                        "classWeights must have one weight for each class, got %d, classes=%d"
                                .formatted(classWeights.length, classes));
            }
            weights = logits.getManager().create(classWeights);
        }
        return LossKernel.crossEntropy(logits, labels.get(0), weights, smoothing);
    }
}
