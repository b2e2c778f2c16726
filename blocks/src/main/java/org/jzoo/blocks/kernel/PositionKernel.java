package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Shifts of attention scores by distance. */
public final class PositionKernel {

    private static final Script SCRIPT = Script.load("position.py");

    private PositionKernel() {}

    /** Computes {@code -slope · |distance|}: (T, S) int64 and H slopes to (1, H, T, S) float32. */
    public static NDArray alibi(NDArray distance, double[] slopes) {
        return SCRIPT.call("alibi", distance, Constants.row(slopes, distance));
    }

    /**
     * Looks up the shift of each distance's bucket.
     *
     * @param distance key position minus query position, (T, S) int64
     * @param table (buckets, H)
     * @param maxDistance where the last bucket begins
     * @param bidirectional whether keys after the query have buckets of their own
     * @return (1, H, T, S) in float32
     */
    public static NDArray relative(
            NDArray distance, NDArray table, int maxDistance, boolean bidirectional) {
        return SCRIPT.call("relative", distance, table, maxDistance, bidirectional);
    }

    /** The buckets alone, of {@code numBuckets}: (T, S) int64 to (T, S) int64. */
    public static NDArray buckets(
            NDArray distance, int numBuckets, int maxDistance, boolean bidirectional) {
        return SCRIPT.call("buckets", distance, numBuckets, maxDistance, bidirectional);
    }
}
