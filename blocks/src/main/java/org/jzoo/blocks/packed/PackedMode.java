package org.jzoo.blocks.packed;

import org.jzoo.blocks.kernel.Processor;

/** The numbers that a packed encoder multiplies with. */
public enum PackedMode {
    /** Float32 throughout: differs from the plain layers by rounding only. */
    FLOAT32,
    /**
     * Bfloat16 products accumulated in float32. Embeddings keep a cosine above 0.999 to float32.
     * From about a hundred tokens in a batch on, around twice its speed on processors with matrix
     * units for bfloat16; not meant for processors without bfloat16 units.
     */
    BFLOAT16,
    /**
     * 8-bit weights and activations: a quarter of the memory for matrices, and the fastest for one
     * short text. Embeddings keep a cosine of about 0.99 to float32.
     */
    INT8,
    /** {@link #BFLOAT16} where the processor has units for it, else {@link #FLOAT32}. */
    AUTO;

    /** What runs on this machine: this mode, or what AUTO stands for. */
    public PackedMode resolve() {
        if (this != AUTO) {
            return this;
        }
        return Processor.multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }
}
