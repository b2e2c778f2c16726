package org.jzoo.zoo.j1;

import org.jzoo.blocks.fusion.FusionOption;

/** What lets the streams of a J1 know of each other. */
public enum J1Fusion {
    /** One Transformer over the tokens of both. */
    JOINT,
    /** Cross-attention from each to the other. */
    TWO_WAY,
    /** No attention: the means of both, concatenated and mapped. */
    POOLED;

    /** The fusion's numbers for a size. */
    public FusionOption of(J1Size size) {
        return switch (this) {
            case JOINT -> size.joint();
            case TWO_WAY -> size.twoWay();
            case POOLED -> size.pooled();
        };
    }
}
