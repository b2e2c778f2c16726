package org.jzoo.training.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The fraction of the examples predicted as a class that belong to it, 0 … 1. */
public final class Precision extends ConfusionMetric {

    private Precision(String name, List<String> labels, ToDoubleFunction<ConfusionMatrix> figure) {
        super(name, labels, figure);
    }

    /**
     * The precision of one class against all others, named {@code precision}.
     *
     * @param labels the class names in the order of their indices
     * @param positive the class that counts as positive; one of {@code labels}
     */
    public static Precision ofClass(List<String> labels, String positive) {
        return new Precision("precision", labels, ofClass(labels, positive, HitCounts::precision));
    }

    /**
     * The precision averaged over classes, named {@code precision.macro}, {@code .micro} or {@code
     * .weighted}.
     */
    public static Precision averaged(List<String> labels, Averaging averaging) {
        return new Precision(
                "precision." + averaging.label(),
                labels,
                matrix -> averaging.of(matrix, HitCounts::precision));
    }
}
