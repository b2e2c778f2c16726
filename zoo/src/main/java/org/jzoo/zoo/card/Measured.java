package org.jzoo.zoo.card;

import java.util.Objects;

/**
 * A measured quality.
 *
 * @param metric its name
 * @param split the data it was measured on
 * @param value as measured; may be NaN where the metric is undefined
 * @param examples how many it was measured on, at least 1
 */
public record Measured(String metric, String split, double value, long examples) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code examples} is not positive
     */
    public Measured {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(split, "split");
        if (examples < 1) {
            throw new IllegalArgumentException("examples must be >= 1, got examples=" + examples);
        }
    }
}
