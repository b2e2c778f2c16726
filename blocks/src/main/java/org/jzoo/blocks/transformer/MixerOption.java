package org.jzoo.blocks.transformer;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;

/** A choice of what lets positions exchange information: attention, retention, a state space. */
public interface MixerOption extends Option {

    /** Builds the mixer for width {@code dim}: (B, T, D) to (B, T, D). */
    Block create(int dim);
}
