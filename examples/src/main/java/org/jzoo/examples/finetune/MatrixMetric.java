package org.jzoo.examples.finetune;

import org.jzoo.training.metric.ClassMetric;
import org.jzoo.training.metric.ConfusionMatrix;

/** Fills a confusion matrix while metrics are computed. */
final class MatrixMetric implements ClassMetric {

    static final String NAME = "total";

    private final ConfusionMatrix matrix;

    MatrixMetric(ConfusionMatrix matrix) {
        this.matrix = matrix;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public void add(int[] predicted, int[] expected) {
        matrix.add(predicted, expected);
    }

    @Override
    public double value() {
        return matrix.total();
    }

    @Override
    public long count() {
        return matrix.total();
    }

    @Override
    public void reset() {
        matrix.reset();
    }
}
