package org.jzoo.blocks.packed;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jzoo.blocks.kernel.EncoderKernel;
import org.jzoo.blocks.kernel.Processor;
import org.jzoo.blocks.kernel.PyTorch;

/** Measures which mode computes a layer in the least time, by the number of tokens in a batch. */
final class FastestModes {

    /** The measured numbers of tokens. */
    static final List<Integer> TOKENS = List.of(8, 16, 32, 128, 512);

    private static final int LONGEST_ROW = 128;
    private static final Map<Key, MeasuredChoice<PackedMode>> MEASURED = new ConcurrentHashMap<>();

    private FastestModes() {}

    private record Key(long dim, long heads, long width, int headSize, int threads) {}

    /**
     * Measures one layer, once for each shape and number of threads in the life of the process.
     *
     * @param tables an encoder's embeddings as {@link EncoderKernel} takes them
     * @param layer the arrays of one layer, likewise
     */
    static MeasuredChoice<PackedMode> of(
            NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        long width = layer[6].getShape().get(0);
        long heads = layer[2].getShape().tail() / headSize;
        long dim = tables[1].getShape().tail();
        Key key = new Key(dim, heads, width, headSize, PyTorch.threads());
        return MEASURED.computeIfAbsent(key, k -> measure(tables, layer, headSize, epsilon));
    }

    private static MeasuredChoice<PackedMode> measure(
            NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        List<EncoderKernel> kernels = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            long longest = Math.min(LONGEST_ROW, tables[1].getShape().get(0));
            List<NDArray> batches =
                    TOKENS.stream().map(tokens -> batch(manager, tokens, longest)).toList();
            EnumMap<PackedMode, IntConsumer> work = new EnumMap<>(PackedMode.class);
            for (PackedMode mode : candidates()) {
                EncoderKernel kernel = kernel(mode, tables, layer, headSize, epsilon);
                if (kernel != null) {
                    kernels.add(kernel);
                    work.put(mode, i -> kernel.hiddenState(batches.get(i), null, null).close());
                }
            }
            return MeasuredChoice.measure(TOKENS, PackedMode.FLOAT32, work);
        } finally {
            kernels.forEach(EncoderKernel::close);
        }
    }

    private static NDArray batch(NDManager manager, int tokens, long longest) {
        long t = Math.min(tokens, longest);
        return manager.zeros(new Shape((tokens + t - 1) / t, t), DataType.INT64);
    }

    // Null where PyTorch lacks the operators, as builds for other processors may; float32 has a
    // plain form that all builds run.
    private static EncoderKernel kernel(
            PackedMode mode, NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        try {
            return mode.kernel(tables, layer, headSize, epsilon);
        } catch (EngineException | LinkageError notInThisBuild) {
            return null;
        }
    }

    // Not INT8, whose embeddings stray too far.
    private static List<PackedMode> candidates() {
        return Processor.multipliesBfloat16()
                ? List.of(PackedMode.FLOAT32, PackedMode.BFLOAT16)
                : List.of(PackedMode.FLOAT32);
    }
}
