package org.jzoo.training.compression.quantization;

import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.PackedLinear;

/** A way to choose packed weights for trained ones. */
public sealed interface WeightMethod
        permits RoundToNearest, Gptq, Awq, SqueezeLlm, ProductQuantization {

    /** Whether it has to see a few inputs. */
    boolean readsInputs();

    /** Whether it has a use for the loss's gradients. */
    boolean readsGradients();

    /**
     * Packs a map's weight. Gradients must be off.
     *
     * @param base with weights; stays as it is
     * @param statistics of its inputs; null if it reads none
     * @throws IllegalArgumentException if the map's sizes do not fit
     */
    PackedLinear pack(Linear base, InputStatistics statistics);
}
