package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;

/**
 * What {@link SegmentAttention} keeps of the segments before.
 *
 * @param hidden its inputs at the last M positions, (B, M, D)
 * @param mask which of them exist, (B, M), true means attend; null for all
 */
public record SegmentMemory(NDArray hidden, NDArray mask) {

    /** The number of positions (M). */
    public int length() {
        return Math.toIntExact(hidden.getShape().get(1));
    }
}
