package org.jzoo.training.metric;

/** {@code mean(|predicted − expected|)}, at least 0. */
public final class MeanAbsoluteError extends MeanError {

    /** Creates the metric {@code mae}. */
    public MeanAbsoluteError() {
        super("mae");
    }

    @Override
    double cost(double difference) {
        return Math.abs(difference);
    }
}
