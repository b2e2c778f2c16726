package org.jzoo.blocks.kernel;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * A whole post-norm encoder as one call: embeddings, L layers of attention and GELU feed-forward
 * with their norms, and pooling, for inference on CPU.
 *
 * <p>Its weights are copied into the layout that the processor's matrix kernels read, once, and
 * stay inside the engine; one call then costs no more than its arithmetic. Batches with padding run
 * their matrix products on the tokens only. No gradients flow.
 */
public final class EncoderKernel implements AutoCloseable {

    private static final String TENSOR = "Tensor";
    private static final String INT8_MATRIX =
            "__torch__.torch.classes.quantized.LinearPackedParamsBase";

    private final Script script;
    private final int headSize;
    private final double epsilon;
    private final Script.Held tables;
    private final Script.Held packed;

    private EncoderKernel(
            Script script, NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        this.script = script;
        this.headSize = headSize;
        this.epsilon = epsilon;
        try (GradientMode off = GradientMode.off()) {
            // First what a build of PyTorch or a processor may refuse: nothing is held by then.
            packed = pack(layers);
            tables = script.hold("tables", (Object[]) embeddings);
        }
    }

    /**
     * Keeps every number in float32.
     *
     * @param embeddings words (V, D), positions (P, D), token types (Y, D) or null, the weight (D)
     *     and bias (D) of the norm on top, and two nulls; or words as codes (V, bytes of a row),
     *     and last their scales and their zeros or null, as in {@link PackedKernel#rows}
     * @param layers for each layer: query, key and value weight (3·A, D) and bias (3·A), output
     *     weight (D, A) and bias (D), norm weight (D) and bias (D), inner weight (F, D) and bias
     *     (F), outer weight (D, F) and bias (D), norm weight (D) and bias (D); A and F may differ
     *     from layer to layer
     * @param headSize a divisor of each A
     * @param epsilon of every norm
     */
    public static EncoderKernel float32(
            NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        try {
            return new EncoderKernel(Float32.SCRIPT, embeddings, layers, headSize, epsilon);
        } catch (EngineException | LinkageError withoutMkl) {
            // Builds of PyTorch for other processors have no MKL.
            return plain(embeddings, layers, headSize, epsilon);
        }
    }

    static EncoderKernel plain(
            NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        return new EncoderKernel(Plain.SCRIPT, embeddings, layers, headSize, epsilon);
    }

    /** Multiplies in bfloat16 and accumulates in float32; parameters as in {@link #float32}. */
    public static EncoderKernel bfloat16(
            NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        return new EncoderKernel(Bfloat16.SCRIPT, embeddings, layers, headSize, epsilon);
    }

    /**
     * Multiplies 8-bit weights with activations that are rounded to 8 bits in each call; parameters
     * as in {@link #float32}.
     */
    public static EncoderKernel int8(
            NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        try {
            return new EncoderKernel(Int8.SCRIPT, embeddings, layers, headSize, epsilon);
        } catch (EngineException | LinkageError withoutOneDnn) {
            return int8Dynamic(embeddings, layers, headSize, epsilon);
        }
    }

    static EncoderKernel int8Dynamic(
            NDArray[] embeddings, NDArray[] layers, int headSize, double epsilon) {
        return new EncoderKernel(Int8Dynamic.SCRIPT, embeddings, layers, headSize, epsilon);
    }

    /**
     * Computes the last hidden state.
     *
     * @param ids (B, T) int64 or int32, in [0, V), T at most P
     * @param mask (B, T) of any type, not 0 where a token is, or null when all are; tokens may
     *     stand anywhere in their row
     * @param types (B, T) int64 or int32 in [0, Y), or null for type 0
     * @return (B, T, D) float32 on the manager of {@code ids}; 0 where no token is
     */
    public NDArray hiddenState(NDArray ids, NDArray mask, NDArray types) {
        return call("encode", ids, mask, types);
    }

    /**
     * Computes the mean of the last hidden state over the tokens of each row, scaled to length 1;
     * parameters as in {@link #hiddenState}.
     *
     * @return (B, D) float32; a row without tokens gives 0
     */
    public NDArray embedding(NDArray ids, NDArray mask, NDArray types) {
        return call("encode_pooled", ids, mask, types);
    }

    /** Frees the weights; no call may run or follow. */
    @Override
    public void close() {
        packed.close();
        tables.close();
    }

    private Script.Held pack(NDArray[] layers) {
        try {
            return script.hold("pack", (Object) layers);
        } catch (EngineException e) {
            tables.close();
            throw e;
        }
    }

    private NDArray call(String function, NDArray ids, NDArray mask, NDArray types) {
        try (GradientMode off = GradientMode.off()) {
            return script.call(function, ids, mask, types, tables, packed, headSize, epsilon);
        }
    }

    private static Script script(String resource, String matrix) {
        return Script.load(
                List.of("packing.py", "encoder.py", resource),
                Map.of("PACKED", "Tuple[List[Tensor], List[" + matrix + "]]", "MATRIX", matrix));
    }

    // One module for each number type, loaded when first asked for: not every build of PyTorch has
    // the operators of all.
    private static final class Float32 {
        static final Script SCRIPT = script("encoder_float32.py", TENSOR);
    }

    private static final class Plain {
        static final Script SCRIPT = script("encoder_plain.py", TENSOR);
    }

    private static final class Bfloat16 {
        static final Script SCRIPT = script("encoder_bfloat16.py", TENSOR);
    }

    private static final class Int8 {
        static final Script SCRIPT = script("encoder_int8.py", TENSOR);
    }

    private static final class Int8Dynamic {
        static final Script SCRIPT = script("encoder_int8_dynamic.py", INT8_MATRIX);
    }
}
