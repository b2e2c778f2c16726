package org.jzoo.examples.recipe;

import ai.djl.Device;
import org.jzoo.blocks.kernel.Precision;

/** What a run's matrix products were really computed in. */
public final class RunPrecision {

    private static final String TENSOR_FLOAT = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

    private RunPrecision() {}

    /** The precision's name; TF32 where an environment variable lets float32 use tensor cores. */
    public static String of(Precision precision, Device device) {
        boolean narrow = device.isGpu() && "1".equals(System.getenv(TENSOR_FLOAT));
        return narrow && precision == Precision.FLOAT32 ? "TF32" : precision.name();
    }
}
