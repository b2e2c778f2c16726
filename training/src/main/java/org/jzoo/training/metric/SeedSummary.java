package org.jzoo.training.metric;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One figure over several seeds: mean and sample standard deviation.
 *
 * @param values the figure of each run, in the order of the seeds; at least one
 */
public record SeedSummary(List<Double> values) {

    /** Copies the values; there must be at least one. */
    public SeedSummary {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values must not be empty, got values=[]");
        }
    }

    /** The summary of these runs. */
    public static SeedSummary of(double... values) {
        return new SeedSummary(Arrays.stream(values).boxed().toList());
    }

    /** The number of runs. */
    public int numSeeds() {
        return values.size();
    }

    /** The arithmetic mean. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }

    /**
     * The sample standard deviation {@code sqrt(Σ (v − mean)² / (n − 1))}; {@code NaN} for one run,
     * which says nothing about spread.
     */
    public double standardDeviation() {
        double mean = mean();
        double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1));
    }

    /** The smallest value. */
    public double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** The largest value. */
    public double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** The middle value, or the mean of the two middle ones. */
    public double median() {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The same runs in another unit, such as {@code scaled(100)} for percent. */
    public SeedSummary scaled(double factor) {
        return new SeedSummary(values.stream().map(v -> v * factor).toList());
    }

    /**
     * {@code "92.31 ± 0.42"}, or {@code "92.31"} for one run.
     *
     * @param digits decimals after the point, at least 0
     */
    public String format(int digits) {
        String mean = String.format(Locale.ROOT, "%." + digits + "f", mean());
        if (values.size() < 2) {
            return mean;
        }
        return mean + String.format(Locale.ROOT, " ± %." + digits + "f", standardDeviation());
    }
}
