package org.jzoo.training.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** A class metric that is a function of the confusion matrix. */
abstract class ConfusionMetric implements ClassMetric {

    private final String name;
    private final ConfusionMatrix matrix;
    private final ToDoubleFunction<ConfusionMatrix> figure;

    ConfusionMetric(String name, List<String> labels, ToDoubleFunction<ConfusionMatrix> figure) {
        this.name = name;
        this.matrix = new ConfusionMatrix(labels);
        this.figure = figure;
    }

    /** The figure of one positive class; checks that {@code labels} has it. */
    static ToDoubleFunction<ConfusionMatrix> ofClass(
            List<String> labels, String positive, ToDoubleFunction<HitCounts> score) {
        int index = new ConfusionMatrix(labels).indexOf(positive);
        return matrix -> score.applyAsDouble(matrix.hits(index));
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean higherIsBetter() {
        return true;
    }

    @Override
    public final void add(int[] predicted, int[] expected) {
        matrix.add(predicted, expected);
    }

    @Override
    public final double value() {
        return matrix.total() == 0 ? Double.NaN : figure.applyAsDouble(matrix);
    }

    @Override
    public final long count() {
        return matrix.total();
    }

    @Override
    public final void reset() {
        matrix.reset();
    }
}
