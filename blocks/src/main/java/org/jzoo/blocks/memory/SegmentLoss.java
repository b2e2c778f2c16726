package org.jzoo.blocks.memory;

import ai.djl.ndarray.NDArray;

/** What training lowers, segment by segment. */
@FunctionalInterface
public interface SegmentLoss {

    /**
     * Computes a segment's share of the loss; shares are summed.
     *
     * @param index the segment, from 0
     * @param output what the block made of it, (B, T, …)
     * @return a scalar, or null if nothing is asked of this segment
     */
    NDArray of(int index, NDArray output);
}
