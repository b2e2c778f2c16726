package org.jzoo.blocks.position;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/** A choice of position encoding that adds to embeddings. */
public interface EmbeddingPosition extends Option {

    /**
     * Builds a block that adds positions: (B, T, D) to (B, T, D). It takes them from {@link
     * org.jzoo.blocks.part.ForwardContext#positions()}, those of images from {@link
     * org.jzoo.blocks.part.ForwardContext#grid()}.
     */
    Block create(int dim);
}
