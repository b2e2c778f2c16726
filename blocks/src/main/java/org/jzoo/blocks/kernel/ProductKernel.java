package org.jzoo.blocks.kernel;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/**
 * One affine map for inference on CPU, its weight copied into the layout that the processor's
 * matrix kernels read. No gradients flow; any number of threads may use it at once.
 */
public final class ProductKernel implements AutoCloseable {

    private static final Map<String, String> TYPES =
            Map.of("PACKED", "Tuple[Tensor, Tensor, Optional[Tensor]]");

    private final Script script;
    private final Script.Held packed;

    private ProductKernel(Script script, Object... arrays) {
        this.script = script;
        try (GradientMode off = GradientMode.off()) {
            packed = script.hold("pack", arrays);
        }
    }

    /**
     * Keeps every number in float32.
     *
     * @param weight (Out, In) float32
     * @param bias (Out) float32, or null for none
     */
    public static ProductKernel float32(NDArray weight, NDArray bias) {
        try {
            return new ProductKernel(Float32.SCRIPT, weight, bias);
        } catch (EngineException | LinkageError withoutMkl) {
            // Builds of PyTorch for other processors have no MKL.
            return plain(weight, bias);
        }
    }

    static ProductKernel plain(NDArray weight, NDArray bias) {
        return new ProductKernel(Plain.SCRIPT, weight, bias);
    }

    /** Multiplies in bfloat16 and accumulates in float32; parameters as in {@link #float32}. */
    public static ProductKernel bfloat16(NDArray weight, NDArray bias) {
        return new ProductKernel(Bfloat16.SCRIPT, weight, bias);
    }

    /**
     * Keeps the weight in 4 bits and multiplies it with bfloat16 activations.
     *
     * @param codes (Out, In) uint8 below 16, Out a multiple of 16
     * @param scale (groups) float32, of 32, 64, 128 or 256 neighbours in a row each; rounded to
     *     bfloat16
     * @param zero (groups) uint8; null for 8
     * @param bias (Out) float32, or null for none
     */
    public static ProductKernel int4(NDArray codes, NDArray scale, NDArray zero, NDArray bias) {
        return new ProductKernel(Int4.SCRIPT, codes, scale, zero, bias);
    }

    /** Computes the map of x (..., In), of any float type: (..., Out) float32, on its manager. */
    public NDArray linear(NDArray x) {
        try (GradientMode off = GradientMode.off()) {
            NDArray y = script.call("linear", x, packed); // (N, Out)
            Shape shape = x.getShape();
            if (shape.dimension() == 2) {
                return y;
            }
            long out = y.getShape().tail();
            try (NDArray flat = y) {
                return flat.reshape(shape.slice(0, shape.dimension() - 1).add(out));
            }
        }
    }

    /** Frees the weight; no call may run or follow. */
    @Override
    public void close() {
        packed.close();
    }

    // One module for each form, loaded when first asked for: not every build of PyTorch has the
    // operators of all.
    private static final class Float32 {
        static final Script SCRIPT = Script.load(List.of("product_float32.py"), TYPES);
    }

    private static final class Plain {
        static final Script SCRIPT = Script.load(List.of("product_plain.py"), TYPES);
    }

    private static final class Bfloat16 {
        static final Script SCRIPT = Script.load(List.of("product_bfloat16.py"), TYPES);
    }

    private static final class Int4 {
        static final Script SCRIPT = Script.load(List.of("product_int4.py"), TYPES);
    }
}
