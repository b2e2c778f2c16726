package org.jzoo.training.metric;

/** A metric that compares predicted with expected real numbers. */
public interface ValueMetric extends Metric {

    /**
     * Adds one batch.
     *
     * @param predicted one value for each example
     * @param expected the true values, of the same length
     * @throws IllegalArgumentException if the lengths differ; nothing of the batch is added then
     */
    void add(double[] predicted, double[] expected);
}
