package org.jzoo.training.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The fraction of the examples of a class that were predicted as it, 0 … 1. */
public final class Recall extends ConfusionMetric {

    private Recall(String name, List<String> labels, ToDoubleFunction<ConfusionMatrix> figure) {
        super(name, labels, figure);
    }

    /**
     * The recall of one class against all others, named {@code recall}.
     *
     * @param labels the class names in the order of their indices
     * @param positive the class that counts as positive; one of {@code labels}
     */
    public static Recall ofClass(List<String> labels, String positive) {
        return new Recall("recall", labels, ofClass(labels, positive, HitCounts::recall));
    }

    /**
     * The recall averaged over classes, named {@code recall.macro}, {@code .micro} or {@code
     * .weighted}.
     */
    public static Recall averaged(List<String> labels, Averaging averaging) {
        return new Recall(
                "recall." + averaging.label(),
                labels,
                matrix -> averaging.of(matrix, HitCounts::recall));
    }
}
