package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.EmbeddingKernel;

/** How a sequence becomes one vector. */
public enum Pooling {
    /** The first token's state. */
    FIRST,
    /** The mean over real tokens. */
    MEAN;

    /**
     * Pools.
     *
     * @param hidden (B, T, D)
     * @param mask (B, T), true means a real token; null means all are
     * @return (B, D)
     */
    public NDArray apply(NDArray hidden, NDArray mask) {
        return this == FIRST
                ? EmbeddingKernel.first(hidden)
                : EmbeddingKernel.meanPool(hidden, mask);
    }
}
