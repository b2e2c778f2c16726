package org.jzoo.training.metric;

/** The mean of what each pair of a predicted and an expected value costs. */
abstract class MeanError implements ValueMetric {

    private final String name;
    private double sum;
    private long count;

    MeanError(String name) {
        this.name = name;
    }

    /** What a difference costs, at least 0. */
    abstract double cost(double difference);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean higherIsBetter() {
        return false;
    }

    @Override
    public final void add(double[] predicted, double[] expected) {
        Pairs.checkLengths(predicted.length, expected.length);
        for (int i = 0; i < predicted.length; i++) {
            sum += cost(predicted[i] - expected[i]);
        }
        count += predicted.length;
    }

    @Override
    public final double value() {
        return count == 0 ? Double.NaN : sum / count;
    }

    @Override
    public final long count() {
        return count;
    }

    @Override
    public final void reset() {
        sum = 0;
        count = 0;
    }
}
