package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * What joins a stream of text tokens and a stream of image tokens. {@code present} (B, 2) says of
 * each example whether it has a text (column {@link #TEXT}) and an image (column {@link #IMAGE}).
 */
public final class FusionKernel {

    /** The column of texts. */
    public static final int TEXT = 0;

    /** The column of images. */
    public static final int IMAGE = 1;

    private static final Script SCRIPT = Script.load("fusion.py");

    private FusionKernel() {}

    /** Adds {@code types} (2, D) and joins (B, T, D) with (B, N, D) to (B, T + N, D). */
    public static NDArray join(NDArray text, NDArray image, NDArray types) {
        return SCRIPT.call("join", text, image, types);
    }

    /** {@code y ⊙ (1 + γ) + β} of tokens y (B, N, D) by {@code [γ; β]} (B, 2D). */
    public static NDArray modulate(NDArray tokens, NDArray modulation) {
        return SCRIPT.call("modulate", tokens, modulation);
    }

    /** Joins (B, T) with (B, N) to (B, T + N). */
    public static NDArray joinMasks(NDArray text, NDArray image) {
        return SCRIPT.call("join_masks", text, image);
    }

    /** The positions from {@code start} on of (B, T, ...). */
    public static NDArray part(NDArray x, long start, long count) {
        return SCRIPT.call("part", x, start, count);
    }

    /** Joins features: (..., D) and (..., E) to (..., D + E). */
    public static NDArray concatenate(NDArray x, NDArray y) {
        return SCRIPT.call("concatenate", x, y);
    }

    /** Adds a vector (B, D) to every token (B, T, D). */
    public static NDArray addVector(NDArray x, NDArray vector) {
        return SCRIPT.call("add_vector", x, vector);
    }

    /** Computes {@code (x + y) / 2}. */
    public static NDArray mean(NDArray x, NDArray y) {
        return SCRIPT.call("mean", x, y);
    }

    /** Takes the rows of {@code x} (M, ...) that a column of {@code pairs} (B, 2) names. */
    public static NDArray take(NDArray x, NDArray pairs, int column) {
        return SCRIPT.call("take", x, pairs, column);
    }

    /** As many rows as {@code x} has, of true: (B, columns). */
    public static NDArray allTrue(NDArray x, long columns) {
        return SCRIPT.call("all_true", x, columns);
    }

    /** Sets a column of {@code present} (B, 2) to false. */
    public static NDArray absent(NDArray present, int column) {
        return SCRIPT.call("absent", present, column);
    }

    /** Puts {@code missing} (D) in the place of every token of streams that are not there. */
    public static NDArray keepPresent(NDArray x, NDArray missing, NDArray present, int column) {
        return SCRIPT.call("keep_present", x, missing, present, column);
    }

    /** Leaves the first token alone of streams that are not there: (B, T) to (B, T). */
    public static NDArray presentMask(NDArray mask, NDArray present, int column) {
        return SCRIPT.call("present_mask", mask, present, column);
    }

    /** One token an example, {@code row} (D): (B, 1, D), with the B of {@code like}. */
    public static NDArray rowsLike(NDArray like, NDArray row) {
        return SCRIPT.call("rows_like", like, row);
    }

    /**
     * Takes from examples with both modalities one of them with probability {@code p}, the text and
     * the image equally often.
     */
    public static NDArray dropModality(NDArray present, double p) {
        return p == 0 ? present : SCRIPT.call("drop_modality", present, p);
    }

    /** Softmax in float32 over what the mask keeps, exactly 0 elsewhere. */
    public static NDArray maskedSoftmax(NDArray scores, NDArray mask) {
        return SCRIPT.call("masked_softmax", scores, mask);
    }

    /** Computes {@code weights[:, 0] · text + weights[:, 1] · image} on vectors (B, D). */
    public static NDArray weigh(NDArray text, NDArray image, NDArray weights) {
        return SCRIPT.call("weigh", text, image, weights);
    }

    /** Sums tokens (B, T, D) with weights (B, T) to (B, D). */
    public static NDArray weightedSum(NDArray x, NDArray weights) {
        return SCRIPT.call("weighted_sum", x, weights);
    }

    /** The sums of the first {@code first} weights and of the others: (B, T + N) to (B, 2). */
    public static NDArray shares(NDArray weights, long first) {
        return SCRIPT.call("shares", weights, first);
    }

    /** Scores (B, T, 1) and (B, N, 1) side by side: (B, T + N). */
    public static NDArray scoreTokens(NDArray text, NDArray image) {
        return SCRIPT.call("score_tokens", text, image);
    }

    /** The tokens that exist, of streams that are there: (B, T + N). */
    public static NDArray tokenMask(NDArray textMask, NDArray imageMask, NDArray present) {
        return SCRIPT.call("token_mask", textMask, imageMask, present);
    }

    /**
     * How far the mean of {@code weights} (B, 2) over the examples with both modalities is from
     * (1/2, 1/2): {@code coefficient · Σ m log 2m}, a scalar.
     */
    public static NDArray imbalance(NDArray weights, NDArray present, double coefficient) {
        return SCRIPT.call("imbalance", weights, present, coefficient);
    }

    /** Computes {@code log max(weights, 1e-6)}. */
    public static NDArray logWeights(NDArray weights) {
        return SCRIPT.call("log_weights", weights);
    }

    /**
     * The mean of the negative log weights at the columns that rows name, over the rows that do; 0
     * if none does.
     *
     * @param logWeights (B, 2)
     * @param columns (B) int64: a column, or {@code ignore}
     */
    public static NDArray trust(NDArray logWeights, NDArray columns, int ignore) {
        return SCRIPT.call("trust", logWeights, columns, ignore);
    }

    /**
     * How much the text's tokens attend to each image token, mean over heads, summed over the
     * text's real tokens.
     *
     * @param weights (B, H, T, N), or (B, H, T + N, T + N) of both streams side by side
     * @param textMask (B, T)
     * @return (B, N)
     */
    public static NDArray imageAttention(NDArray weights, NDArray textMask) {
        return SCRIPT.call("image_attention", weights, textMask);
    }

    /** Divides each row (B, N) by its sum. */
    public static NDArray asShares(NDArray x) {
        return SCRIPT.call("as_shares", x);
    }

    /**
     * Weighs the mean of a text's tokens against that of an image's, in one call: {@code g =
     * softmax(weight · [text; image] + bias)}, {@code g₀ · text + g₁ · image}.
     *
     * @param text (B, T, D)
     * @param image (B, N, D)
     * @param weight (2, 2D)
     * @param bias (2)
     * @return the vector (B, D), and g (B, 2)
     */
    public static NDArray[] gate(NDArray text, NDArray image, NDArray weight, NDArray bias) {
        return SCRIPT.callList("gate", text, image, weight, bias);
    }
}
