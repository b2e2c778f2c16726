package org.jzoo.blocks.feedforward.experts;

/**
 * Each expert chooses its {@code C = ⌈factor · S / E⌉} most probable tokens of each group of S:
 * perfectly balanced, while a token gets as many experts as want it, maybe none. The weights are
 * the probabilities {@code softmax(W x)} over experts, in float32.
 *
 * <p>What an expert chooses depends on later tokens of the group, so this router is not for causal
 * models.
 *
 * @param factor experts of a token on average, positive and at most E
 * @param bias whether the router's map has a bias
 * @param jitter while training the router sees its input times a random factor in [1 - jitter, 1 +
 *     jitter), in [0, 1)
 * @see <a href="https://arxiv.org/abs/2202.09368">Zhou et al. 2022, Expert Choice Routing</a>,
 *     section 3.2
 */
public record ExpertChoiceRouterOption(double factor, boolean bias, double jitter)
        implements RouterOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public ExpertChoiceRouterOption {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("factor must be > 0, got factor=" + factor);
        }
        TopKRouterOption.checkJitter(jitter);
    }

    @Override
    public void check(int numExperts, RouterLoss loss) {
        if (factor > numExperts) {
            throw new IllegalArgumentException(
                    "factor must be <= numExperts, got factor=%s, numExperts=%d"
                            .formatted(factor, numExperts));
        }
        if (loss != null && loss.balance() > 0) {
            throw new IllegalArgumentException(
                    "balance must be 0 where experts choose, which balances them, got balance="
                            + loss.balance());
        }
    }

    @Override
    public Router create(int dim, ExpertsOption experts) {
        return new ExpertChoiceRouter(dim, experts, this);
    }
}
