package org.jzoo.training.loop;

import java.util.Collection;
import java.util.Objects;

/**
 * The metric that decides which model is the best.
 *
 * @param metric its name among an evaluation's metrics
 * @param higherIsBetter its direction
 */
public record Watch(String metric, boolean higherIsBetter) {

    /** Rejects null. */
    public Watch {
        Objects.requireNonNull(metric, "metric");
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is not among {@code names}
     */
    void require(Collection<String> names) {
        if (!names.contains(metric)) {
            throw new IllegalArgumentException(
                    "watch must name a metric of the evaluation %s, got watch=%s"
                            .formatted(names, metric));
        }
    }

    /** Whether {@code value} improves on {@code best}; anything does on NaN, NaN on nothing. */
    boolean improves(double value, double best) {
        if (Double.isNaN(value)) {
            return false;
        }
        return Double.isNaN(best) || (higherIsBetter ? value > best : value < best);
    }
}
