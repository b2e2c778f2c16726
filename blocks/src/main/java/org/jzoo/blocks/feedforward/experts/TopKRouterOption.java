package org.jzoo.blocks.feedforward.experts;

/**
 * Each token chooses its k most probable experts: {@code p = softmax(W x)}, in float32.
 *
 * <p>While training, noise and jitter disturb the choice, and a second choice may be drawn. A
 * choice that finds its expert full is dropped: it adds zeros, so that the token passes through the
 * layer's residual connection. First choices find places before second ones, and earlier tokens
 * before later ones.
 *
 * @param topK choices of a token (k), 1 to E
 * @param normalized whether the weights of a token's choices are divided by their sum (Mixtral,
 *     GShard); otherwise they are the raw probabilities (Switch)
 * @param bias whether the router's map has a bias
 * @param noisy whether learned normal noise is added to the logits while training: {@code W x +
 *     N(0, 1) · softplus(W_noise x)}
 * @param jitter while training the router sees its input times a random factor in [1 - jitter, 1 +
 *     jitter), in [0, 1); the experts see it undisturbed
 * @param secondAtRandom whether a second choice of weight w stays with probability {@code min(1,
 *     2w)} only, while training; needs two normalized choices
 * @param capacity how many tokens an expert takes, or null for all that come
 * @see <a href="https://arxiv.org/abs/1701.06538">Shazeer et al. 2017</a>, section 2.1 (noise)
 * @see <a href="https://arxiv.org/abs/2006.16668">Lepikhin et al. 2020, GShard</a>, algorithm 1
 * @see <a href="https://arxiv.org/abs/2101.03961">Fedus et al. 2021, Switch Transformers</a>
 */
public record TopKRouterOption(
        int topK,
        boolean normalized,
        boolean bias,
        boolean noisy,
        double jitter,
        boolean secondAtRandom,
        ExpertCapacity capacity)
        implements RouterOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public TopKRouterOption {
        if (topK < 1) {
            throw new IllegalArgumentException("topK must be >= 1, got topK=" + topK);
        }
        if (normalized && topK == 1) {
            throw new IllegalArgumentException(
                    "normalized must be false for one choice, whose weight would always be 1, got"
                            + " normalized=true, topK=1");
        }
        checkJitter(jitter);
        if (secondAtRandom && (topK != 2 || !normalized)) {
            throw new IllegalArgumentException(
                    "secondAtRandom must have topK=2 and normalized=true, got topK=%d, normalized=%s"
                            .formatted(topK, normalized));
        }
    }

    static void checkJitter(double jitter) {
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("jitter must be in [0, 1), got jitter=" + jitter);
        }
    }

    /** Starts a choice without bias, noise, jitter and capacity, normalized for k above 1. */
    public static Builder builder() {
        return new Builder();
    }

    /** As in Mixtral: k normalized choices, without capacity. */
    public static TopKRouterOption mixtral(int topK) {
        return builder().setTopK(topK).build();
    }

    /** As in Switch: one choice with its raw probability. */
    public static TopKRouterOption switchTransformer(double jitter, ExpertCapacity capacity) {
        return builder().setTopK(1).optJitter(jitter).optCapacity(capacity).build();
    }

    /** As in GShard: two choices, the second at random. */
    public static TopKRouterOption gshard(ExpertCapacity capacity) {
        return builder().setTopK(2).optSecondAtRandom(true).optCapacity(capacity).build();
    }

    @Override
    public void check(int numExperts, RouterLoss loss) {
        if (topK > numExperts) {
            throw new IllegalArgumentException(
                    "topK must be <= numExperts, got topK=%d, numExperts=%d"
                            .formatted(topK, numExperts));
        }
    }

    @Override
    public Router create(int dim, ExpertsOption experts) {
        return new TopKRouter(dim, experts, this);
    }

    /** Collects the components. */
    public static final class Builder {

        private int topK;
        private Boolean normalized;
        private boolean bias;
        private boolean noisy;
        private double jitter;
        private boolean secondAtRandom;
        private ExpertCapacity capacity;

        private Builder() {}

        /** Sets k. */
        public Builder setTopK(int k) {
            topK = k;
            return this;
        }

        /** Sets whether weights are divided by their sum; by default for k above 1. */
        public Builder optNormalized(boolean value) {
            normalized = value;
            return this;
        }

        /** Sets whether the router's map has a bias. */
        public Builder optBias(boolean value) {
            bias = value;
            return this;
        }

        /** Sets whether learned noise is added to the logits while training. */
        public Builder optNoisy(boolean value) {
            noisy = value;
            return this;
        }

        /** Sets how far the router's input is disturbed while training. */
        public Builder optJitter(double value) {
            jitter = value;
            return this;
        }

        /** Sets whether the second choice stays by chance while training. */
        public Builder optSecondAtRandom(boolean value) {
            secondAtRandom = value;
            return this;
        }

        /** Sets how many tokens an expert takes. */
        public Builder optCapacity(ExpertCapacity value) {
            capacity = value;
            return this;
        }

        /** Builds the option. */
        public TopKRouterOption build() {
            return new TopKRouterOption(
                    topK,
                    normalized == null ? topK > 1 : normalized,
                    bias,
                    noisy,
                    jitter,
                    secondAtRandom,
                    capacity);
        }
    }
}
