package org.jzoo.training.metric;

/** {@code mean((predicted − expected)²)}, at least 0. */
public final class MeanSquaredError extends MeanError {

    /** Creates the metric {@code mse}. */
    public MeanSquaredError() {
        super("mse");
    }

    @Override
    double cost(double difference) {
        return difference * difference;
    }
}
