package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Losses as float32 scalars, averaged over their rows. */
public final class LossKernel {

    /** The label of a row that counts for nothing. */
    public static final int IGNORE = -100;

    private static final Script SCRIPT = Script.load("loss.py");

    private LossKernel() {}

    /**
     * Computes the mean of {@code -log softmax(logits)[label]}.
     *
     * @param logits (..., V)
     * @param labels (...) int64 in [0, V), or {@link #IGNORE}
     * @param weight (V), the weight of each class, or null
     * @param smoothing share of the target spread evenly over all classes, in [0, 1)
     * @return a scalar; NaN when every row is ignored
     */
    public static NDArray crossEntropy(
            NDArray logits, NDArray labels, NDArray weight, double smoothing) {
        return SCRIPT.call("cross_entropy", logits, labels, weight, IGNORE, smoothing);
    }

    /**
     * Computes the mean of {@code -log softmax(logits[b, t])[ids[b, t + 1]]}: how badly each
     * position foretells the token after it.
     *
     * @param logits (B, T, V)
     * @param ids (B, T) int64 in [0, V)
     * @param mask (B, T) booleans, true means a real token; padding is neither foretold nor asked;
     *     null if all are real
     * @return a scalar; NaN when there is nothing to foretell
     */
    public static NDArray nextToken(NDArray logits, NDArray ids, NDArray mask) {
        return SCRIPT.call("next_token", logits, ids, mask, IGNORE);
    }

    /** Computes the mean of {@code (predictions - targets)²}, both of the same shape. */
    public static NDArray meanSquaredError(NDArray predictions, NDArray targets) {
        return SCRIPT.call("mean_squared_error", predictions, targets);
    }

    /** Computes the mean binary cross-entropy of logits against targets in [0, 1]. */
    public static NDArray binaryCrossEntropy(NDArray logits, NDArray targets) {
        return SCRIPT.call("binary_cross_entropy", logits, targets);
    }

    /**
     * Computes {@code T² · KL(softmax(teacher / T) ‖ softmax(student / T))}.
     *
     * @param student (..., V) logits
     * @param teacher (..., V) logits
     * @param temperature T, positive
     * @see <a href="https://arxiv.org/abs/1503.02531">Hinton et al. 2015</a>, section 2
     */
    public static NDArray distillation(NDArray student, NDArray teacher, double temperature) {
        return SCRIPT.call("distillation", student, teacher, temperature);
    }

    /**
     * Computes the mean cross-entropy of finding each row's column and each column's row.
     *
     * @param logits (B, B), what belongs together on the diagonal
     * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al. 2021, CLIP</a>, figure 3
     */
    public static NDArray contrastive(NDArray logits) {
        return SCRIPT.call("contrastive", logits);
    }

    /**
     * Computes the mean cross-entropy of finding each vector's partner by the products with all
     * possible ones, divided by a temperature.
     *
     * @param vectors (2 B, E), of which row i and row B + i are partners
     * @param temperature positive
     * @see <a href="https://arxiv.org/abs/2002.05709">Chen et al. 2020, SimCLR</a>; there rows of
     *     the same half compete, too
     */
    public static NDArray contrastivePairs(NDArray vectors, double temperature) {
        return SCRIPT.call("contrastive_pairs", vectors, temperature);
    }

    /**
     * Computes the mean cross-entropy of a stretch's first and last token, each among all tokens
     * and "none", whose logit is 0.
     *
     * @param logits (B, N, 2)
     * @param labels (B, 2) int64 in [0, N], where N means none
     * @param mask (B, N) where true is a real token, or null
     */
    public static NDArray span(NDArray logits, NDArray labels, NDArray mask) {
        return SCRIPT.call("span", logits, labels, mask, IGNORE);
    }

    /**
     * Computes the mean of {@code (student - teacher)²} over tokens and features; the teacher gets
     * no gradient.
     *
     * @param student (B, T, D)
     * @param teacher (B, T, D)
     * @param mask (B, T), true for tokens that count; null for all
     */
    public static NDArray hiddenDistance(NDArray student, NDArray teacher, NDArray mask) {
        return SCRIPT.call("hidden_distance", student, teacher, mask);
    }

    /**
     * Computes {@link #hiddenDistance} over the mean of {@code teacher²} over the same tokens: 0
     * for the same, 1 for nothing at all.
     */
    public static NDArray hiddenShare(NDArray student, NDArray teacher, NDArray mask) {
        return SCRIPT.call("hidden_share", student, teacher, mask);
    }

    /**
     * Computes the mean over heads and queries of {@code KL(teacher ‖ student)}; the teacher gets
     * no gradient.
     *
     * @param student (B, H, T, S) probabilities
     * @param teacher (B, H, T, S) probabilities
     * @param mask (B, T), true for queries that count; null for all
     */
    public static NDArray attentionDivergence(NDArray student, NDArray teacher, NDArray mask) {
        return SCRIPT.call("attention_divergence", student, teacher, mask);
    }

    /**
     * Computes the mean over heads and tokens of {@code KL(r(teacher) ‖ r(student))} with {@code
     * r(x) = softmax(x xᵀ / √d)} in heads of d features, whatever the widths; the teacher gets no
     * gradient.
     *
     * @param student (B, T, W), W a multiple of {@code heads}
     * @param teacher (B, T, W'), W' a multiple of {@code heads}
     * @param heads at least 1
     * @param mask (B, T), true for tokens that count; null for all
     * @see <a href="https://arxiv.org/abs/2012.15828">Wang et al. 2021, MiniLMv2</a>, section 3.1
     */
    public static NDArray relationDivergence(
            NDArray student, NDArray teacher, int heads, NDArray mask) {
        return SCRIPT.call("relation_divergence", student, teacher, heads, mask);
    }

    /** Computes {@code Σ ± outputs / B} of (B, D) with signs from the engine's seed. */
    public static NDArray projection(NDArray outputs) {
        return SCRIPT.call("projection", outputs);
    }

    /** Multiplies by a number without the operators that lose it before the backward pass. */
    public static NDArray scale(NDArray x, double factor) {
        return SCRIPT.call("scale", x, factor);
    }

    /**
     * Computes the mean over rows of {@code (KL(p ‖ q) + KL(q ‖ p)) / 2}, where p is the softmax of
     * a row in the first half and q that of the row at its place in the second; of {@code (a - b)²}
     * where C is 1.
     *
     * @param outputs (2 B, C)
     */
    public static NDArray agreement(NDArray outputs) {
        return SCRIPT.call("agreement", outputs);
    }
}
