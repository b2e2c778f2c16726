package org.jzoo.training.metric;

/** A quality figure that is accumulated batch by batch. */
public interface Metric {

    /** A short name for logs, tables and curves, such as {@code accuracy} or {@code f1.macro}. */
    String name();

    /** Whether a larger value means a better model. */
    boolean higherIsBetter();

    /** The figure over everything added since the last {@link #reset}; {@code NaN} if undefined. */
    double value();

    /** How many items (examples, or tokens for {@link Perplexity}) were added. */
    long count();

    /** Forgets everything that was added. */
    void reset();

    /**
     * Whether {@code candidate} improves on {@code best} in this metric's direction. Any number
     * improves on {@code NaN}; {@code NaN} improves on nothing.
     */
    default boolean isBetter(double candidate, double best) {
        if (Double.isNaN(candidate)) {
            return false;
        }
        return Double.isNaN(best) || (higherIsBetter() ? candidate > best : candidate < best);
    }
}
