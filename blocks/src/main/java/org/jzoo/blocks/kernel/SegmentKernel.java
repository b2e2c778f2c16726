package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * What a segment needs to see the one before: relative scores and memories of hidden states.
 *
 * @see <a href="https://arxiv.org/abs/1901.02860">Dai et al. 2019, Transformer-XL</a>, section 3.3
 *     and appendix B
 */
public final class SegmentKernel {

    private static final Script SCRIPT = Script.load("segment.py");

    private SegmentKernel() {}

    /**
     * Sines in the first half of the features, cosines in the second, of {@code distance /
     * 10000^(2i/D)}.
     *
     * @param like says where the result is attached and on which device it lies
     * @param first the first row's distance; each further row's is one less
     * @param count rows (P)
     * @param dim features (D)
     * @return (P, D) in float32
     */
    public static NDArray sinusoids(NDArray like, int first, int count, int dim) {
        return SCRIPT.call("sinusoids", like, first, count, dim);
    }

    /**
     * Scores by distance: {@code scale · (q(i) + bias) · r(distance of i and j)}, where query i of
     * T stands at key position S - T + i. One product of all queries with all distances, whose rows
     * are then moved into place.
     *
     * @param q queries (B, H, T, Dh)
     * @param bias (H, Dh)
     * @param r the projected distances S-1, S-2, … in P rows (P, H·Dh): down to 0 (P = S) for
     *     causal attention, when the scores of later keys are without meaning, or down to 1-T (P =
     *     S + T - 1)
     * @param keys S
     * @param scale factor of the scores
     * @return (B, H, T, S) in the type of {@code q}
     */
    public static NDArray relativeScores(
            NDArray q, NDArray bias, NDArray r, int keys, double scale) {
        return SCRIPT.call("relative_scores", q, bias, r, keys, scale);
    }

    /** Adds a vector per head, {@code bias} (H, Dh), to {@code q} (B, H, T, Dh). */
    public static NDArray addBias(NDArray q, NDArray bias) {
        return SCRIPT.call("add_bias", q, bias);
    }

    /** Puts (B, M, D) before (B, T, D); the result is attached where {@code x} is. */
    public static NDArray join(NDArray x, NDArray before) {
        return SCRIPT.call("join", x, before);
    }

    /**
     * The mask of a memory and a segment.
     *
     * @param x the segment (B, T, D)
     * @param mask its mask (B, T), true means attend; null for all
     * @param before the memory's mask (B, M), or null for all
     * @param kept M
     * @return (B, M + T)
     */
    public static NDArray joinMask(NDArray x, NDArray mask, NDArray before, int kept) {
        return SCRIPT.call("join_mask", x, mask, before, kept);
    }

    /**
     * Copies the last positions.
     *
     * @param x (B, S, …)
     * @param length positions to keep, at most; all if there are fewer
     * @param recorded whether gradients flow through the copy
     */
    public static NDArray latest(NDArray x, int length, boolean recorded) {
        return SCRIPT.call("latest", x, length, recorded);
    }

    /** The positions start … start + length - 1 of (B, S, …), a view. */
    public static NDArray cut(NDArray x, int start, int length) {
        return SCRIPT.call("cut", x, start, length);
    }

    /** A copy of {@link #cut}, through which gradients flow if {@code recorded}. */
    public static NDArray remember(NDArray x, int start, int length, boolean recorded) {
        return SCRIPT.call("remember", x, start, length, recorded);
    }

    /**
     * Puts memory tokens before a segment, and the same tokens behind it if asked for.
     *
     * @param x (B, T, D)
     * @param tokens (M, D) for all examples, or (B, M, D)
     * @return (B, M + T, D) or (B, M + T + M, D)
     */
    public static NDArray surround(NDArray x, NDArray tokens, boolean behind) {
        return SCRIPT.call("surround", x, tokens, behind);
    }

    /** The mask that goes with {@link #surround}: all memory tokens exist; mask (B, T). */
    public static NDArray surroundMask(NDArray mask, int tokens, boolean behind) {
        return SCRIPT.call("surround_mask", mask, tokens, behind);
    }

    /** Puts (B, T1, …), (B, T2, …), … one behind the other, where the first one is attached. */
    public static NDArray concat(NDArray[] parts) {
        return SCRIPT.call("concat", (Object) parts);
    }
}
