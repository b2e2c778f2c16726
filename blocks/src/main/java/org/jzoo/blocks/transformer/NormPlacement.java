package org.jzoo.blocks.transformer;

/** Where a layer's norms stand. */
public enum NormPlacement {
    /** {@code x + f(norm(x))}: trains deep stacks without warm-up; needs a final norm. */
    PRE,
    /** {@code norm(x + f(x))}: the original Transformer and BERT. */
    POST,
    /**
     * {@code norm(α x + f(x))} with {@code α = (2L)^¼} for a stack of L layers: keeps deep
     * post-norm stacks stable, started as {@link StackStart#DEEP_NORM}.
     *
     * @see <a href="https://arxiv.org/abs/2203.00555">Wang et al. 2022, DeepNet</a>, section 4
     */
    DEEP
}
