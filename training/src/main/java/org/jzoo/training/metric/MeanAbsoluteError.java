package org.jzoo.training.metric;

/** {@code mean(|predicted − expected|)}, at least 0. */
public final class MeanAbsoluteError implements ValueMetric {

    private double sum;
    private long count;

    /** Creates the metric {@code mae}. */
    public MeanAbsoluteError() {}

    @Override
    public String name() {
        return "mae";
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
            sum += Math.abs(error);
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
