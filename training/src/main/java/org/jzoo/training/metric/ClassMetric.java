package org.jzoo.training.metric;

/** A metric that compares predicted with expected class indices. */
public interface ClassMetric extends Metric {

    /**
     * Adds one batch.
     *
     * @param predicted class indices in 0 … C−1, one for each example
     * @param expected the true class indices, of the same length
     * @throws IllegalArgumentException if the lengths differ or an index is out of range; nothing
     *     of the batch is added then
     */
    void add(int[] predicted, int[] expected);
}
