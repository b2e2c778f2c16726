package org.jzoo.blocks.position;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/**
 * A choice of position encoding that shifts attention scores by how far a key stands from a query.
 * One serves all layers of a stack.
 */
public interface ScorePosition extends Option {

    /**
     * Builds a block that maps relative positions, key minus query, (T, S) int64, to shifts of the
     * scores (1, H, T, S) in float32, where H is that of every attention in the stack.
     */
    Block create();
}
