package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.ChunkKernel;

/**
 * What {@link ChunkAttention} keeps of the chunks before.
 *
 * @param keys of the latest positions (B, H, R, Dh), not turned yet
 * @param values (B, H, R, Dh)
 * @param mask which of them exist (B, R)
 * @param logGates logarithms of forget gates (B, H, R); null for none
 * @param store the blocks to be found again; null for none
 * @param seen what all tokens of a chunk that grows see beside their window; null for nothing
 */
record ChunkState(
        NDArray keys,
        NDArray values,
        NDArray mask,
        NDArray logGates,
        BlockStore store,
        ChunkKernel.Far seen) {}
