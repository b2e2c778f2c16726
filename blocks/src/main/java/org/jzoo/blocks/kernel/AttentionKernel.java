package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Scaled dot-product attention {@code softmax(q kᵀ · scale + bias) v}, fused where PyTorch has a
 * fused kernel, with memory linear in T and S there.
 *
 * <p>Model layout is (B, T, H·Dh), head layout (B, H, T, Dh). With fewer key/value heads K than
 * query heads H, consecutive groups of H/K query heads share one (grouped-query; K = 1:
 * multi-query).
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.2
 * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al. 2023, GQA</a>
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al. 2022, FlashAttention</a>
 */
public final class AttentionKernel {

    private static final Script SCRIPT =
            Script.load(List.of("dropout.py", "fused.py", "attention.py"), Map.of());

    private AttentionKernel() {}

    /** What restricts and shifts the scores. */
    public record Scores(NDArray mask, NDArray bias, boolean causal, Double scale, int window) {

        /** Every query sees every key. */
        public static final Scores ALL = new Scores(null, null, false, null, 0);

        /**
         * Creates the restrictions.
         *
         * @param mask keys (B, S), pairs (B, T, S) or heads and pairs (B, 1 or H, T, S) as
         *     booleans, true means attend; null for no mask. A query that may attend to nothing
         *     gets zeros.
         * @param bias (1 or B, 1 or H, T, S), added to the scores; null for none
         * @param causal whether query i sees keys up to S - T + i only
         * @param scale factor of the scores, null for 1/√Dh
         * @param window how far a query sees: causal, itself and window - 1 before it; otherwise
         *     window / 2 to each side; 0 for no limit
         */
        public Scores {}

        /** Restricted by {@code mask} alone; null for no restriction. */
        public static Scores masked(NDArray mask) {
            return mask == null ? ALL : new Scores(mask, null, false, null, 0);
        }
    }

    /**
     * How far each key stands from each query, key position minus query position, where query i of
     * T stands at position S - T + i.
     *
     * @param like says where the result is attached and on which device it lies
     * @return (T, S) int64
     */
    public static NDArray relative(NDArray like, int queries, int keys) {
        return SCRIPT.call("relative", like, queries, keys);
    }

    /** The positions first … first + count - 1, (count) int64, on the device of {@code like}. */
    public static NDArray positions(NDArray like, long first, int count) {
        return SCRIPT.call("positions", like, first, count);
    }

    /** The last {@code keys} columns of a mask. */
    public static NDArray latest(NDArray mask, long keys) {
        return SCRIPT.call("latest", mask, keys);
    }

    /** Splits (B, T, H·Dh) into (B, H, T, Dh). */
    public static NDArray splitHeads(NDArray x, int numHeads) {
        return SCRIPT.call("split_heads", x, numHeads);
    }

    /** Joins (B, H, T, Dh) to (B, T, H·Dh). */
    public static NDArray mergeHeads(NDArray x) {
        return SCRIPT.call("merge_heads", x);
    }

    /**
     * Attends in model layout.
     *
     * @param q (B, T, H·Dh)
     * @param k (B, S, K·Dh)
     * @param v (B, S, K·Dh)
     * @param numHeads H
     * @param numKeyHeads K, a divisor of H
     * @param scores what restricts and shifts the scores
     * @param dropout share of attention weights that are zeroed, in [0, 1)
     * @return (B, T, H·Dh)
     */
    public static NDArray attend(
            NDArray q,
            NDArray k,
            NDArray v,
            int numHeads,
            int numKeyHeads,
            Scores scores,
            double dropout) {
        return SCRIPT.call(
                "attend",
                q,
                k,
                v,
                numHeads,
                numKeyHeads,
                scores.mask(),
                scores.bias(),
                scores.causal(),
                scores.window(),
                dropout,
                scores.scale());
    }

    /**
     * The affine maps of self-attention with as many key heads as query heads.
     *
     * @param weights of queries, keys and values, each (H·Dh, D), and of the output, (D, H·Dh)
     * @param biases of the first three, (H·Dh); empty for none
     * @param outputBias (D), or null for none
     */
    public record Projections(NDArray[] weights, NDArray[] biases, NDArray outputBias) {}

    /**
     * Maps x to queries, keys and values in one product, attends, and maps the result.
     *
     * @param x (B, T, D)
     * @param numHeads H
     * @param scores what restricts the scores; without bias or window
     * @param dropout share of attention weights that are zeroed, in [0, 1)
     * @param precision the type of the products and of the result
     * @return (B, T, D)
     */
    public static NDArray attendProjected(
            NDArray x,
            Projections maps,
            int numHeads,
            Scores scores,
            double dropout,
            Precision precision) {
        return SCRIPT.call(
                "attend_projected",
                x,
                maps.weights(),
                maps.biases(),
                maps.outputBias(),
                numHeads,
                scores.mask(),
                scores.causal(),
                dropout,
                scores.scale(),
                precision.scalarType());
    }

    /**
     * Attends in head layout: q (B, H, T, Dh), k and v (B, K, S, Dh) to (B, H, T, Dh). With a
     * window and at most a mask over keys beside it, time and memory are those of {@link
     * WindowKernel}.
     */
    public static NDArray attendHeads(
            NDArray q, NDArray k, NDArray v, Scores scores, double dropout) {
        if (scores.window() > 0 && scores.bias() == null && isKeyMask(scores.mask())) {
            WindowKernel.Window window =
                    scores.causal()
                            ? WindowKernel.Window.causal(scores.window())
                            : WindowKernel.Window.centered(scores.window() / 2);
            return WindowKernel.attend(q, k, v, window, scores.mask(), dropout, scores.scale());
        }
        return SCRIPT.call(
                "attend_heads",
                q,
                k,
                v,
                scores.mask(),
                scores.bias(),
                scores.causal(),
                scores.window(),
                dropout,
                scores.scale());
    }

    private static boolean isKeyMask(NDArray mask) {
        return mask == null || mask.getShape().dimension() == 2;
    }

    /**
     * Attends in head layout without fusion, for whoever wants to see the weights.
     *
     * @return the result (B, H, T, Dh) and the weights before dropout (B, H, T, S) in float32
     */
    public static NDArray[] attendExplicit(
            NDArray q, NDArray k, NDArray v, Scores scores, double dropout) {
        return SCRIPT.callList(
                "attend_explicit",
                q,
                k,
                v,
                scores.mask(),
                scores.bias(),
                scores.causal(),
                scores.window(),
                dropout,
                scores.scale());
    }
}
