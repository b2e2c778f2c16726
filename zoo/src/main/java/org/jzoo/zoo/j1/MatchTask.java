package org.jzoo.zoo.j1;

import ai.djl.nn.Block;

/**
 * Whether a text and a picture belong together: one logit (B, 1).
 *
 * @param dropout share of the head's inner features that is zeroed while training, in [0, 1)
 */
public record MatchTask(double dropout) implements J1Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dropout} is out of its range
     */
    public MatchTask {
        FusedHead.checkDropout(dropout);
    }

    @Override
    public Block createHead(int dim) {
        return new FusedHead(dim, 1, dropout);
    }
}
