package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Forget gates: the score of a query and a key falls by the product of the gates between them,
 * {@code softmax(q kᵀ · scale + D) v} with {@code D(i, j) = Σ log f(l), j < l ≤ i}, a difference of
 * cumulated logarithms.
 *
 * @see <a href="https://arxiv.org/abs/2503.02130">Lin et al. 2025, Forgetting Transformer</a>,
 *     section 3
 */
public final class ForgetKernel {

    private static final Script SCRIPT = Script.load("forget.py");

    private ForgetKernel() {}

    /**
     * Cumulates the gates' logarithms.
     *
     * @param logits (B, T, H); a gate is their sigmoid
     * @param before the cumulated logarithms of earlier positions (B, H, S), or null for none
     * @return (B, H, T) in float32, falling along T
     */
    public static NDArray cumulate(NDArray logits, NDArray before) {
        return SCRIPT.call("cumulate", logits, before);
    }

    /** The gates themselves: (B, T, H) logits to (B, H, T) in (0, 1). */
    public static NDArray gates(NDArray logits) {
        return SCRIPT.call("gates", logits);
    }

    /**
     * The shift of the scores.
     *
     * @param queries cumulated logarithms at the queries (B, H, T)
     * @param keys at the keys (B, H, S)
     * @param causal whether keys come before queries; otherwise forgetting works both ways, by
     *     distance in cumulated logarithms
     * @return (B, H, T, S), at most 0
     */
    public static NDArray decay(NDArray queries, NDArray keys, boolean causal) {
        return SCRIPT.call("decay", queries, keys, causal);
    }

    /**
     * Attends causally with the decay inside the fused kernel, so that memory stays linear in T and
     * S: eight more features of each head carry it.
     *
     * @param q (B, H, T, Dh)
     * @param k (B, K, S, Dh)
     * @param v (B, K, S, Dh)
     * @param keys cumulated logarithms at the keys (B, H, S)
     * @param scores restricts the scores, causally; without bias
     * @param dropout share of attention weights that are zeroed, in [0, 1)
     * @return (B, H, T, Dh)
     */
    public static NDArray attendCausal(
            NDArray q,
            NDArray k,
            NDArray v,
            NDArray keys,
            AttentionKernel.Scores scores,
            double dropout) {
        int heads = Math.toIntExact(q.getShape().get(1));
        int size = Math.toIntExact(q.getShape().get(3));
        double factor = scores.scale() == null ? 1 / Math.sqrt(size) : scores.scale();
        NDArray result =
                AttentionKernel.attendHeads(
                        SCRIPT.call("extended_queries", q),
                        SCRIPT.call("extended_keys", k, keys, heads, factor),
                        SCRIPT.call("extended_values", v, heads),
                        new AttentionKernel.Scores(
                                scores.mask(), null, scores.causal(), factor, scores.window()),
                        dropout);
        return SCRIPT.call("head_part", result, size);
    }
}
