package org.jzoo.blocks.quantization;

/** Where the scales of weights that still learn come from. */
public enum ScaleRule {
    /** From the weights' range, anew at every pass. */
    RANGE,
    /** They are parameters that learn with the weights; symmetric grids only. */
    LEARNED
}
