package org.jzoo.training.metric;

/**
 * Pearson correlation {@code cov(p, e) / (std(p) · std(e))} of predicted and expected values, −1 …
 * 1.
 *
 * <p>{@code NaN} with fewer than two examples, or if all predicted or all expected values are the
 * same: a constant correlates with nothing. Moments are updated one example at a time around the
 * running mean, so a large common offset costs no accuracy.
 */
public final class PearsonCorrelation implements ValueMetric {

    private long count;
    private double predictedMean;
    private double expectedMean;
    private double predictedSquares; // Σ (p − mean p)²
    private double expectedSquares;
    private double products; // Σ (p − mean p)(e − mean e)

    /** Creates the metric {@code pearson}. */
    public PearsonCorrelation() {}

    @Override
    public String name() {
        return "pearson";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public void add(double[] predicted, double[] expected) {
        Pairs.checkLengths(predicted.length, expected.length);
        for (int i = 0; i < predicted.length; i++) {
            count++;
            double predictedStep = predicted[i] - predictedMean;
            double expectedStep = expected[i] - expectedMean;
            predictedMean += predictedStep / count;
            expectedMean += expectedStep / count;
            predictedSquares += predictedStep * (predicted[i] - predictedMean);
            expectedSquares += expectedStep * (expected[i] - expectedMean);
            products += predictedStep * (expected[i] - expectedMean);
        }
    }

    @Override
    public double value() {
        if (count < 2 || predictedSquares == 0 || expectedSquares == 0) {
            return Double.NaN;
        }
        double value = products / Math.sqrt(predictedSquares) / Math.sqrt(expectedSquares);
        return Math.max(-1, Math.min(1, value)); // rounding may leave the range by an ulp
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        count = 0;
        predictedMean = 0;
        expectedMean = 0;
        predictedSquares = 0;
        expectedSquares = 0;
        products = 0;
    }
}
