package org.jzoo.blocks.feedforward;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/** A choice of feed-forward. */
public interface FeedForwardOption extends Option {

    /** Builds the feed-forward for width {@code dim}: (B, T, D) to (B, T, D). */
    Block create(int dim);
}
