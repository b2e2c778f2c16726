package org.jzoo.blocks.kernel;

import ai.djl.Device;

/**
 * The number type in which matrix products run; weights, norms, softmax statistics, losses and the
 * residual stream stay float32.
 */
public enum Precision {
    /** IEEE single precision. */
    FLOAT32(6),
    /**
     * 8 bits of exponent, 8 of mantissa: twice to eight times as fast where the processor has
     * matrix units for it.
     */
    BFLOAT16(15);

    private final int scalarType;

    Precision(int scalarType) {
        this.scalarType = scalarType;
    }

    /** {@link #BFLOAT16} on GPUs and on processors with units for it, else {@link #FLOAT32}. */
    public static Precision suiting(Device device) {
        return device.isGpu() || Processor.multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }

    int scalarType() {
        return scalarType;
    }
}
