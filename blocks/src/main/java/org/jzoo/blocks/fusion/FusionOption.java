package org.jzoo.blocks.fusion;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/** A choice of what lets a text and an image know of each other. */
public interface FusionOption extends Option {

    /**
     * Builds the fusion for width {@code dim}: inputs text {@code (B, T, D)}, image {@code (B, N,
     * D)} and their boolean masks {@code (B, T)} and {@code (B, N)}, true means attend, both left
     * out where there is no padding; outputs text {@code (B, T, D)} and image {@code (B, N, D)} in
     * float32.
     */
    Block create(int dim);
}
