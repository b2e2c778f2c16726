package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Routers of mixtures of experts: which expert computes which token, with what weight. Everything
 * runs in float32.
 *
 * <p>Letters: N = B·T tokens, E experts, k choices of a token, G groups of equally many tokens in
 * their order.
 */
public final class RouterKernel {

    private static final Script SCRIPT = Script.load("router.py");

    private RouterKernel() {}

    /**
     * The router's map and what disturbs it.
     *
     * @param weight (E, D)
     * @param bias (E), or null for none
     * @param noise (E, D), adds {@code N(0, 1) · softplus(x · noiseᵀ)} to the logits; null for none
     * @param jitter multiplies the router's input by a random factor in [1 - jitter, 1 + jitter); 0
     *     for none
     */
    public record Scoring(NDArray weight, NDArray bias, NDArray noise, double jitter) {}

    /**
     * How tokens choose.
     *
     * @param k choices of a token, 1 to E
     * @param normalized whether the weights of a token's choices are divided by their sum
     * @param secondAtRandom whether a choice of weight w stays with probability {@code min(1, 2w)}
     *     only
     * @param groups G, a divisor of N
     * @param capacity places of an expert in a group; 0 for as many as it takes
     */
    public record Choice(
            int k, boolean normalized, boolean secondAtRandom, int groups, int capacity) {}

    /**
     * Lets each token choose its k most probable experts.
     *
     * @param x (B, T, D)
     * @param mask (B, S) whose last T columns say which tokens exist, true for those that do; the
     *     others choose nothing and count for nothing; null for all
     * @return weights (k, N) and experts (k, N) int64, 0 and E for a choice that was dropped;
     *     probabilities (B, T, E); for each group and expert the share of tokens that chose it,
     *     dropped or not, and the mean probability, both (G, E); the mean of {@code logsumexp²} of
     *     the logits, a scalar
     */
    public static NDArray[] topK(NDArray x, NDArray mask, Scoring scoring, Choice choice) {
        return SCRIPT.callList(
                "top_k",
                x,
                scoring.weight(),
                scoring.bias(),
                scoring.noise(),
                mask,
                choice.k(),
                choice.normalized(),
                choice.secondAtRandom(),
                scoring.jitter(),
                choice.groups(),
                choice.capacity());
    }

    /**
     * Lets each expert choose its most probable tokens of each group.
     *
     * @param scoring without noise
     * @param groups G, a divisor of N
     * @param capacity tokens that an expert chooses in a group (C), at most N / G
     * @return as {@link #topK}, but weights and tokens (E, G·C)
     */
    public static NDArray[] expertChoice(
            NDArray x, NDArray mask, Scoring scoring, int groups, int capacity) {
        return SCRIPT.callList(
                "expert_choice",
                x,
                scoring.weight(),
                scoring.bias(),
                mask,
                scoring.jitter(),
                groups,
                capacity);
    }

    /** The share of all tokens that each expert computes, (E), from experts (k, N). */
    public static NDArray load(NDArray experts, int numExperts) {
        return SCRIPT.call("load", experts, numExperts);
    }

    /**
     * Computes {@code coefficient · E · mean over groups of Σ share · probability}, a scalar, where
     * shares and probabilities are means over layers first.
     *
     * @param shares of each layer (G, E)
     * @param probabilities of each layer (G, E)
     */
    public static NDArray balance(NDArray[] shares, NDArray[] probabilities, double coefficient) {
        return SCRIPT.call("balance", shares, probabilities, coefficient);
    }

    /** Computes {@code coefficient ·} the mean of scalars. */
    public static NDArray scaledMean(NDArray[] terms, double coefficient) {
        return SCRIPT.call("scaled_mean", terms, coefficient);
    }
}
