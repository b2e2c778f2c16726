package org.jzoo.training.metric;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A percentile bootstrap confidence interval: the test examples are drawn again with replacement,
 * the figure is computed on each draw, and the middle {@code level} of the draws is the interval.
 *
 * <p>For the difference of two models on the same examples let the figure compute both on the same
 * indices; the interval is then a paired one.
 *
 * @param estimate the figure on the examples themselves
 * @param lower the lower end
 * @param upper the upper end
 * @param level the confidence level, 0 … 1
 * @see <a href="https://doi.org/10.1201/9780429246593">Efron and Tibshirani 1993, An Introduction
 *     to the Bootstrap</a>, section 13.3
 */
public record BootstrapInterval(double estimate, double lower, double upper, double level) {

    /**
     * The interval of any figure.
     *
     * @param numExamples how many examples there are, at least 1
     * @param figure the figure over the examples with these indices, 0 … numExamples − 1, which may
     *     repeat; draws on which it is {@code NaN} are left out
     * @param numDraws how many draws, at least 1; 1,000 is usual
     * @param level the confidence level, above 0 and below 1
     * @param seed the same seed gives the same interval
     */
    public static BootstrapInterval of(
            int numExamples,
            ToDoubleFunction<int[]> figure,
            int numDraws,
            double level,
            long seed) {
        if (numExamples < 1 || numDraws < 1) {
            throw new IllegalArgumentException(
                    "numExamples and numDraws must be >= 1, got numExamples=%d, numDraws=%d"
                            .formatted(numExamples, numDraws));
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must be in (0, 1), got level=" + level);
        }
        int[] indices = new int[numExamples];
        Arrays.setAll(indices, i -> i);
        double estimate = figure.applyAsDouble(indices.clone());
        Random random = new Random(seed);
        double[] draws = new double[numDraws];
        for (int d = 0; d < numDraws; d++) {
            Arrays.setAll(indices, i -> random.nextInt(numExamples));
            draws[d] = figure.applyAsDouble(indices);
        }
        double[] sorted = Arrays.stream(draws).filter(v -> !Double.isNaN(v)).sorted().toArray();
        double tail = (1 - level) / 2;
        return new BootstrapInterval(
                estimate, quantile(sorted, tail), quantile(sorted, 1 - tail), level);
    }

    /** The 95% interval of the mean of {@code values}, from 1,000 draws. */
    public static BootstrapInterval ofMean(double[] values, long seed) {
        return of(
                values.length,
                indices ->
                        Arrays.stream(indices).mapToDouble(i -> values[i]).average().orElseThrow(),
                1_000,
                0.95,
                seed);
    }

    /** Whether the interval contains {@code value}. */
    public boolean contains(double value) {
        return value >= lower && value <= upper;
    }

    /** Linear interpolation between the order statistics; {@code NaN} if there are none. */
    private static double quantile(double[] sorted, double fraction) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = fraction * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
