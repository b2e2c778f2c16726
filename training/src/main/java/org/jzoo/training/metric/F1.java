package org.jzoo.training.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The harmonic mean of {@link Precision} and {@link Recall}, 0 … 1. */
public final class F1 extends ConfusionMetric {

    private F1(String name, List<String> labels, ToDoubleFunction<ConfusionMatrix> figure) {
        super(name, labels, figure);
    }

    /**
     * The F1 of one class against all others, named {@code f1}.
     *
     * @param labels the class names in the order of their indices
     * @param positive the class that counts as positive; one of {@code labels}
     */
    public static F1 ofClass(List<String> labels, String positive) {
        return new F1("f1", labels, ofClass(labels, positive, HitCounts::f1));
    }

    /**
     * The F1 averaged over classes, named {@code f1.macro}, {@code .micro} or {@code .weighted}.
     */
    public static F1 averaged(List<String> labels, Averaging averaging) {
        return new F1(
                "f1." + averaging.label(), labels, matrix -> averaging.of(matrix, HitCounts::f1));
    }
}
