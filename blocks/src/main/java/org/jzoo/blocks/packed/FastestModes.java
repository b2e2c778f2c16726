package org.jzoo.blocks.packed;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jzoo.blocks.kernel.EncoderKernel;
import org.jzoo.blocks.kernel.Processor;
import org.jzoo.blocks.kernel.PyTorch;

/**
 * Which mode computes a layer in the least time, by the number of tokens in a batch. Float32 stays
 * where nothing else was faster.
 *
 * @param modes for {@link #TOKENS} tokens, in that order
 */
record FastestModes(List<PackedMode> modes) {

    /** The measured numbers of tokens; a batch takes the mode of the nearest, by ratio. */
    static final int[] TOKENS = {8, 32, 128, 512};

    private static final int LONGEST_ROW = 128;
    private static final int ROUNDS = 7;
    // More tokens than take this long are not tried: products rule there as they did before.
    private static final long ENOUGH_NANOS = 60_000_000;
    private static final Map<Key, FastestModes> MEASURED = new ConcurrentHashMap<>();

    FastestModes {
        modes = List.copyOf(modes);
        if (modes.size() != TOKENS.length) {
            throw new IllegalArgumentException(
                    "modes must be %d, got modes=%s".formatted(TOKENS.length, modes));
        }
    }

    private record Key(long dim, long heads, long width, int headSize, int threads) {}

    /**
     * Measures one layer, once for each shape and number of threads in the life of the process.
     *
     * @param tables an encoder's embeddings as {@link EncoderKernel} takes them
     * @param layer the arrays of one layer, likewise
     */
    static FastestModes of(NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        long width = layer[6].getShape().get(0);
        long heads = layer[2].getShape().tail() / headSize;
        Key key = new Key(tables[1].getShape().tail(), heads, width, headSize, PyTorch.threads());
        return MEASURED.computeIfAbsent(key, k -> measure(tables, layer, headSize, epsilon));
    }

    /** The mode for a batch of this many tokens. */
    PackedMode at(long tokens) {
        int i = 0;
        while (i + 1 < TOKENS.length && tokens * tokens > (long) TOKENS[i] * TOKENS[i + 1]) {
            i++;
        }
        return modes.get(i);
    }

    /** The modes that some batch takes. */
    Set<PackedMode> used() {
        return EnumSet.copyOf(modes);
    }

    private static FastestModes measure(
            NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        Map<PackedMode, EncoderKernel> kernels = new EnumMap<>(PackedMode.class);
        try (NDManager manager = PyTorch.newBaseManager()) {
            for (PackedMode mode : candidates()) {
                EncoderKernel kernel = kernel(mode, tables, layer, headSize, epsilon);
                if (kernel != null) {
                    kernels.put(mode, kernel);
                }
            }
            long longest = Math.min(LONGEST_ROW, tables[1].getShape().get(0));
            List<PackedMode> fastest = new ArrayList<>();
            long time = 0;
            for (int tokens : TOKENS) {
                if (time < ENOUGH_NANOS) {
                    long t = Math.min(tokens, longest);
                    NDArray ids = manager.zeros(new Shape((tokens + t - 1) / t, t), DataType.INT64);
                    Map<PackedMode, Long> times = times(kernels, ids);
                    time = times.get(PackedMode.FLOAT32);
                    fastest.add(least(times));
                } else {
                    fastest.add(fastest.get(fastest.size() - 1));
                }
            }
            return new FastestModes(fastest);
        } finally {
            kernels.values().forEach(EncoderKernel::close);
        }
    }

    // Null where PyTorch lacks the operators, as builds for other processors may; float32 has a
    // plain
    // form that all builds run.
    private static EncoderKernel kernel(
            PackedMode mode, NDArray[] tables, NDArray[] layer, int headSize, double epsilon) {
        try {
            return mode.kernel(tables, layer, headSize, epsilon);
        } catch (EngineException | LinkageError notInThisBuild) {
            return null;
        }
    }

    private static List<PackedMode> candidates() {
        return Processor.multipliesBfloat16()
                ? List.of(PackedMode.FLOAT32, PackedMode.BFLOAT16, PackedMode.INT8)
                : List.of(PackedMode.FLOAT32, PackedMode.INT8);
    }

    /** The mode of the least time; float32 if none is below its own. */
    static PackedMode least(Map<PackedMode, Long> times) {
        PackedMode best = PackedMode.FLOAT32;
        for (Map.Entry<PackedMode, Long> entry : times.entrySet()) {
            if (entry.getValue() < times.get(best)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    // Least times of turns that the modes take, so that all see the same disturbances.
    private static Map<PackedMode, Long> times(
            Map<PackedMode, EncoderKernel> kernels, NDArray ids) {
        Map<PackedMode, Long> least = new EnumMap<>(PackedMode.class);
        for (int round = 0; round <= ROUNDS; round++) {
            for (Map.Entry<PackedMode, EncoderKernel> kernel : kernels.entrySet()) {
                long start = System.nanoTime();
                kernel.getValue().hiddenState(ids, null, null).close();
                long time = System.nanoTime() - start;
                if (round > 0) {
                    least.merge(kernel.getKey(), time, Math::min);
                }
            }
        }
        return least;
    }
}
