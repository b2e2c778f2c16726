package org.jzoo.blocks.quantization;

/** Which weights of a matrix share a scale. */
public enum Granularity {
    /** All of them. */
    TENSOR,
    /** Those of one output. */
    CHANNEL,
    /** A number of neighbours in the row of one output. */
    GROUP
}
