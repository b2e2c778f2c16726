package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** What training lowers, chunk by chunk. */
@FunctionalInterface
public interface ChunkLoss {

    /**
     * Computes a chunk's share of the loss; shares are summed.
     *
     * @param index the chunk, from 0
     * @param hidden its states (B, C, D)
     * @param head the task's head: states (B, T, D) to its outputs
     * @return a scalar, or null if nothing is asked of this chunk
     */
    NDArray of(int index, NDArray hidden, UnaryOperator<NDArray> head);
}
