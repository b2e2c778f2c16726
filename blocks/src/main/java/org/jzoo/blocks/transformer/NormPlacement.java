package org.jzoo.blocks.transformer;

/** Where a layer's norms stand. */
public enum NormPlacement {
    /** {@code x + f(norm(x))}: trains deep stacks without warm-up; needs a final norm. */
    PRE,
    /** {@code norm(x + f(x))}: the original Transformer and BERT. */
    POST
}
