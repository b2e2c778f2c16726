package org.jzoo.blocks.packed;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.EncoderKernel;
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
     * 8-bit weights and activations: a quarter of the memory for matrices. Embeddings keep a cosine
     * of about 0.99 to float32.
     */
    INT8,
    /**
     * For each batch which of {@link #FLOAT32} and {@link #BFLOAT16} took the least time for as
     * many tokens when it was measured: once for each shape of layers in the life of the process.
     * Embeddings keep a cosine above 0.999 to float32. Never slower than {@link #FLOAT32}, as far
     * as the measurement goes; results of batches of different sizes may differ as these modes do.
     */
    FASTEST,
    /** {@link #BFLOAT16} where the processor has units for it, else {@link #FLOAT32}. */
    AUTO;

    /** What runs on this machine: this mode, or what AUTO stands for. */
    public PackedMode resolve() {
        if (this != AUTO) {
            return this;
        }
        return Processor.multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }

    /** A kernel that multiplies this way, one of the three that stand for one number type. */
    EncoderKernel kernel(NDArray[] tables, NDArray[] layers, int headSize, double epsilon) {
        return switch (this) {
            case FLOAT32 -> EncoderKernel.float32(tables, layers, headSize, epsilon);
            case BFLOAT16 -> EncoderKernel.bfloat16(tables, layers, headSize, epsilon);
            case INT8 -> EncoderKernel.int8(tables, layers, headSize, epsilon);
            default -> throw new IllegalStateException("mode must be a number type, got " + this);
        };
    }
}
