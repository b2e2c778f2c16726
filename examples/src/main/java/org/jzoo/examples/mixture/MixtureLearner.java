package org.jzoo.examples.mixture;

import java.util.Arrays;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;

/** The feed-forwards that learn the task. Each token uses a width of 32 but in the last. */
enum MixtureLearner {
    /** One layer as wide as what a token uses in the mixtures. */
    DENSE_ACTIVE("dense, equal active size", 0, 32, 32),
    /** Eight experts as wide as that layer, one for each token. */
    TOP_ONE("8 experts, top-1", 1, 32, 32),
    /** Eight experts half as wide, two for each token. */
    TOP_TWO("8 experts, top-2", 2, 16, 32),
    /** One layer as wide as all experts together: eight times the work of a token. */
    DENSE_TOTAL("dense, equal total size", 0, 256, 256);

    private final String label;
    private final int topK; // 0 for a dense layer
    private final int width;
    private final int activeWidth;

    MixtureLearner(String label, int topK, int width, int activeWidth) {
        this.label = label;
        this.topK = topK;
        this.width = width;
        this.activeWidth = activeWidth;
    }

    private static FeedForwardOption dense(int width) {
        return new DenseFeedForwardOption(width, Activation.GELU, true, 0);
    }

    private static FeedForwardOption experts(int topK, int width) {
        return ExpertsOption.builder()
                .setNumExperts(MixtureTask.KINDS)
                .setExpert(dense(width))
                .setRouter(TopKRouterOption.builder().setTopK(topK).build())
                .optLoss(new RouterLoss(0.01, 0, RouterLoss.Scope.LAYER))
                .build();
    }

    /** The name in tables. */
    String label() {
        return label;
    }

    FeedForwardOption option() {
        return hasExperts() ? experts(topK, width) : dense(width);
    }

    /** Inner features that compute one token. */
    int activeWidth() {
        return activeWidth;
    }

    boolean hasExperts() {
        return topK > 0;
    }

    /** The learner of that label. */
    static MixtureLearner labelled(String label) {
        return Arrays.stream(values())
                .filter(learner -> learner.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no learner named " + label));
    }
}
