package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;

/**
 * The memory tokens between two chunks.
 *
 * @param values (B, M, D) in float32
 */
record ChunkTokens(NDArray values) {}
