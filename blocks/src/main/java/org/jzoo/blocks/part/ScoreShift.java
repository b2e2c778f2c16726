package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;

/** What positions add to the attention scores of every layer of a stack. */
@FunctionalInterface
public interface ScoreShift {

    /**
     * Computes the shifts where the last query stands at the last key.
     *
     * @param like an array of the layer, on its device
     * @param queries T
     * @param keys S, at least T
     * @return (1, H, T, S) in float32
     */
    NDArray of(NDArray like, int queries, int keys);
}
