package org.jzoo.training.report;

import java.util.Arrays;

/** The median of the last values: one slow step, or a pause for evaluation, does not move it. */
final class MovingMedian {

    private final double[] values;
    private int count;

    /** Creates a window of the last {@code capacity} values. */
    MovingMedian(int capacity) {
        values = new double[capacity];
    }

    void add(double value) {
        values[count % values.length] = value;
        count++;
    }

    /** {@code NaN} if nothing was added. */
    double value() {
        int size = Math.min(count, values.length);
        return ResourceMeter.median(Arrays.copyOf(values, size));
    }
}
