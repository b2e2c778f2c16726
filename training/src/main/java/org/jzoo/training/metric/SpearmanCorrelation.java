package org.jzoo.training.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Spearman correlation, −1 … 1: the {@link PearsonCorrelation} of the ranks of predicted and
 * expected values; equal values share the mean of their ranks.
 *
 * <p>{@code NaN} with fewer than two examples, if all predicted or all expected values are the
 * same, or if a value is {@code NaN}. Keeps every value: 16 bytes an example.
 */
public final class SpearmanCorrelation implements ValueMetric {

    private double[] predictedValues = new double[64];
    private double[] expectedValues = new double[64];
    private int count;

    /** Creates the metric {@code spearman}. */
    public SpearmanCorrelation() {}

    @Override
    public String name() {
        return "spearman";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public void add(double[] predicted, double[] expected) {
        Pairs.checkLengths(predicted.length, expected.length);
        int needed = Math.addExact(count, predicted.length);
        if (needed > predictedValues.length) {
            int capacity = Math.max(needed, predictedValues.length + predictedValues.length / 2);
            predictedValues = Arrays.copyOf(predictedValues, capacity);
            expectedValues = Arrays.copyOf(expectedValues, capacity);
        }
        System.arraycopy(predicted, 0, predictedValues, count, predicted.length);
        System.arraycopy(expected, 0, expectedValues, count, expected.length);
        count = needed;
    }

    @Override
    public double value() {
        double[] predicted = Arrays.copyOf(predictedValues, count);
        double[] expected = Arrays.copyOf(expectedValues, count);
        if (hasNaN(predicted) || hasNaN(expected)) {
            return Double.NaN;
        }
        PearsonCorrelation pearson = new PearsonCorrelation();
        pearson.add(ranks(predicted), ranks(expected));
        return pearson.value();
    }

    private static boolean hasNaN(double[] values) {
        return Arrays.stream(values).anyMatch(Double::isNaN);
    }

    /** Ranks from 1; a run of equal values at ranks a … b gets (a + b) / 2. */
    static double[] ranks(double[] values) {
        int[] order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] ranks = new double[values.length];
        int start = 0;
        while (start < order.length) {
            int end = start + 1;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int i = start; i < end; i++) {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }
            start = end;
        }
        return ranks;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        count = 0;
    }
}
