package org.jzoo.blocks.feedforward.experts;

import org.jzoo.blocks.part.Option;

/** A choice of how tokens and experts find each other. */
public sealed interface RouterOption extends Option
        permits TopKRouterOption, ExpertChoiceRouterOption {

    /**
     * Checks that the router fits the experts; their own check calls it.
     *
     * @throws IllegalArgumentException if it does not
     */
    void check(int numExperts, RouterLoss loss);

    /** Builds the router for width {@code dim}. */
    Router create(int dim, ExpertsOption experts);
}
