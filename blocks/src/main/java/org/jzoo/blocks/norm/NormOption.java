package org.jzoo.blocks.norm;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/** A choice of normalisation. */
public interface NormOption extends Option {

    /** Builds the norm for width {@code dim}: (..., D) to (..., D) in float32. */
    Block create(int dim);
}
