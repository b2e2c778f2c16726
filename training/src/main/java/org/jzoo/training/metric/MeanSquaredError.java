package org.jzoo.training.metric;

/** {@code mean((predicted − expected)²)}, at least 0. */
public final class MeanSquaredError implements ValueMetric {

    private double sum;
    private long count;

    /** Creates the metric {@code mse}. */
    public MeanSquaredError() {}

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public void add(double[] predicted, double[] expected) {
        Pairs.checkLengths(predicted.length, expected.length);
        for (int i = 0; i < predicted.length; i++) {
            double error = predicted[i] - expected[i];
            sum += error * error;
        }
        count += predicted.length;
    }

    @Override
    public double value() {
        return count == 0 ? Double.NaN : sum / count;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }
}
