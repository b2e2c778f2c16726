package org.jzoo.blocks.feedforward.experts;

/**
 * How many tokens of a group an expert takes; what comes later in the group overflows. Exactly one
 * of both is above 0.
 *
 * @param factor multiple of the fair share: {@code ⌈factor · k · S / E⌉} for groups of S tokens
 * @param tokens a fixed number of tokens
 */
public record ExpertCapacity(double factor, int tokens) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException unless exactly one component is above 0 and none below
     */
    public ExpertCapacity {
        if (!(factor >= 0 && Double.isFinite(factor)) || tokens < 0 || factor > 0 == tokens > 0) {
            throw new IllegalArgumentException(
                    "one of factor and tokens must be > 0 and the other 0, got factor=%s, tokens=%d"
                            .formatted(factor, tokens));
        }
    }

    /** A multiple of the fair share. */
    public static ExpertCapacity ofFactor(double factor) {
        return new ExpertCapacity(factor, 0);
    }

    /** A fixed number of tokens. */
    public static ExpertCapacity ofTokens(int tokens) {
        return new ExpertCapacity(0, tokens);
    }

    /** The number of places: k choices of each of {@code groupSize} tokens among the experts. */
    int places(int topK, long groupSize, int numExperts) {
        return tokens > 0
                ? tokens
                : (int) Math.max(1, Math.ceil(factor * topK * groupSize / numExperts));
    }
}
