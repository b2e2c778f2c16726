/**
 * Quality figures, accumulated batch by batch: every {@link org.jzoo.training.metric.Metric} has a
 * name, a direction and a value. {@link org.jzoo.training.metric.ClassMetric} compares class
 * indices, {@link org.jzoo.training.metric.ValueMetric} real numbers, {@link
 * org.jzoo.training.metric.ExactMatch} texts and {@link org.jzoo.training.metric.Perplexity} summed
 * log-likelihoods.
 *
 * <p>A metric that has seen nothing is {@code NaN}, never 0: "not measured" must not look like
 * "wrong". Metrics are not thread-safe.
 */
package org.jzoo.training.metric;
