package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.part.Option;

/** A choice of position encoding that turns queries and keys; it has no parameters. */
public interface QueryKeyPosition extends Option {

    /**
     * Encodes queries or keys.
     *
     * @param x (B, H, T, Dh)
     * @param positions (T) or (B, T); null for 0 … T-1; a grid's have a row and a column each, (T,
     *     2) or (B, T, 2)
     * @return (B, H, T, Dh)
     */
    NDArray encode(NDArray x, NDArray positions);

    /**
     * Encodes queries and keys of the same positions.
     *
     * @param queries (B, H, T, Dh)
     * @param keys (B, K, T, Dh)
     * @param positions as in {@link #encode(NDArray, NDArray)}
     * @return queries and keys
     */
    default NDArray[] encodeBoth(NDArray queries, NDArray keys, NDArray positions) {
        return new NDArray[] {encode(queries, positions), encode(keys, positions)};
    }
}
