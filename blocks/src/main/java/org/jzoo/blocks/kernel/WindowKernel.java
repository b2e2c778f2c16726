package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Scaled dot-product attention within a sliding window, exactly that of {@link AttentionKernel}
 * under the window's mask, in time and memory O(T · window), forward and backward.
 *
 * <p>Query i of T stands at key position S - T + i, so that S may exceed T when decoding with a
 * cache. A query that may attend to nothing gets zeros. Without dropout the chunks run fused.
 *
 * @see <a href="https://arxiv.org/abs/2004.05150">Beltagy et al. 2020, Longformer</a>, section 3.1
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al. 2023, Mistral 7B</a>, section 2
 */
public final class WindowKernel {

    private static final Script SCRIPT = Script.load(List.of("fused.py", "window.py"), Map.of());
    private static final int SMALLEST_CHUNK = 64;
    private static final int LARGEST_CHUNK = 256;

    private WindowKernel() {}

    /**
     * The keys that a query sees: those at offsets from -before to after.
     *
     * @param before how many positions back, at least 0
     * @param after how many positions ahead, at least 0
     */
    public record Window(int before, int after) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a component is negative
         */
        public Window {
            if (before < 0 || after < 0) {
                throw new IllegalArgumentException(
                        "before and after must be >= 0, got before=%d, after=%d"
                                .formatted(before, after));
            }
        }

        /**
         * A position itself and those before it, {@code size} in all, as Mistral counts.
         *
         * @throws IllegalArgumentException if {@code size} is below 1
         */
        public static Window causal(int size) {
            if (size < 1) {
                throw new IllegalArgumentException("size must be >= 1, got size=" + size);
            }
            return new Window(size - 1, 0);
        }

        /**
         * As many positions on both sides; Longformer's attention_window is twice {@code reach}.
         */
        public static Window centered(int reach) {
            return new Window(reach, reach);
        }

        /** How many keys a query sees at most. */
        public int size() {
            return before + 1 + after;
        }
    }

    /**
     * Attends in head layout.
     *
     * @param q (B, H, T, Dh)
     * @param k (B, K, S, Dh), K a divisor of H, S at least T
     * @param v (B, K, S, Dh)
     * @param window which keys a query sees
     * @param keyMask (B, S) booleans, true means attend; null for all
     * @param dropout share of attention weights that are zeroed, in [0, 1)
     * @param scale factor of the scores, null for 1/√Dh
     * @return (B, H, T, Dh)
     * @throws IllegalArgumentException if there are more queries than keys
     */
    public static NDArray attend(
            NDArray q,
            NDArray k,
            NDArray v,
            Window window,
            NDArray keyMask,
            double dropout,
            Double scale) {
        return attendBiased(q, k, v, window, keyMask, null, dropout, scale);
    }

    /**
     * Attends in head layout with a bias by offset; see {@link #attend}.
     *
     * @param bias (1 or H, {@link Window#size}), added to the scores: column c belongs to the key
     *     at offset c - before; null for none
     */
    public static NDArray attendBiased(
            NDArray q,
            NDArray k,
            NDArray v,
            Window window,
            NDArray keyMask,
            NDArray bias,
            double dropout,
            Double scale) {
        boolean gpu = q.getDevice().isGpu();
        return run(q, k, v, window, keyMask, bias, null, dropout, scale, gpu);
    }

    /**
     * Keys that every query sees beside those of its window, in one softmax.
     *
     * @param keys (B, K, G, Dh)
     * @param values (B, K, G, Dh)
     * @param mask (B, G) booleans, true means attend
     */
    public record Everywhere(NDArray keys, NDArray values, NDArray mask) {}

    /**
     * Attends in head layout to a window and to a few keys from anywhere; see {@link #attend}. A
     * key that is in {@code everywhere} should be false in {@code keyMask}, or else counts twice.
     */
    public static NDArray attendBeside(
            NDArray q,
            NDArray k,
            NDArray v,
            Window window,
            NDArray keyMask,
            Everywhere everywhere,
            double dropout) {
        boolean gpu = q.getDevice().isGpu();
        return run(q, k, v, window, keyMask, null, everywhere, dropout, null, gpu);
    }

    /**
     * Attends with all of it.
     *
     * @param atOnce whether the chunks inside an example run in one call, which is faster where
     *     starting kernels costs more than caches save: on GPUs
     */
    static NDArray run(
            NDArray q,
            NDArray k,
            NDArray v,
            Window window,
            NDArray keyMask,
            NDArray bias,
            Everywhere everywhere,
            double dropout,
            Double scale,
            boolean atOnce) {
        long queries = q.getShape().get(2);
        long keys = k.getShape().get(2);
        if (queries > keys) {
            throw new IllegalArgumentException(
                    "T must be <= S, got T=%d, S=%d".formatted(queries, keys));
        }
        return SCRIPT.call(
                "attend",
                q,
                k,
                v,
                window.before(),
                window.after(),
                keyMask,
                bias,
                everywhere == null ? null : everywhere.keys(),
                everywhere == null ? null : everywhere.values(),
                everywhere == null ? null : everywhere.mask(),
                dropout,
                scale,
                chunk(window),
                atOnce);
    }

    /**
     * The pairs that are attended to, for attention that computes all: (B or 1, T, T) booleans.
     *
     * @param like an array whose second axis is T, on the device of the result
     * @param keyMask (B, T) booleans, true means attend; null for all
     * @param everywhere (B, T) booleans, keys that every query sees; null for none
     */
    public static NDArray pairs(NDArray like, Window window, NDArray keyMask, NDArray everywhere) {
        return SCRIPT.call("pairs", like, window.before(), window.after(), keyMask, everywhere);
    }

    // Measured on CPU: shorter chunks waste fewer scores outside the window, but start more
    // kernels.
    private static int chunk(Window window) {
        int size = window.size() / SMALLEST_CHUNK * SMALLEST_CHUNK;
        return Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, size));
    }
}
