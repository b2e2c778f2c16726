package org.jzoo.blocks.position;

import ai.djl.nn.Block;

/** Chooses fixed sines and cosines, added to the embedding; any length. */
public record SinusoidalPositionOption() implements EmbeddingPosition {

    @Override
    public Block create(int dim) {
        return new SinusoidalPosition();
    }
}
