package org.jzoo.blocks.feedforward.experts;

import java.util.Objects;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;

/**
 * Chooses {@link ExpertsFeedForward}.
 *
 * <pre>{@code
 * FeedForwardOption mixtral = ExpertsOption.builder()
 *         .setNumExperts(8)
 *         .setExpert(new GatedFeedForwardOption(14_336, Activation.SILU, false, 0))
 *         .setRouter(TopKRouterOption.mixtral(2))
 *         .optLoss(new RouterLoss(0.02, 0, RouterLoss.Scope.STACK))
 *         .build();
 * }</pre>
 *
 * @param numExperts E, at least 1
 * @param expert what one expert is: a dense or gated feed-forward
 * @param router how tokens and experts find each other
 * @param shared a feed-forward that computes every token and is added; null for none
 * @param sharedGate whether the shared one is multiplied by {@code sigmoid(w x)}, as in Qwen2-MoE
 * @param numGroups into how many runs of equal length the B·T tokens are cut (G), within which
 *     capacity and balance count; 1 for one, 0 for one per sequence
 * @param ignorePadding whether tokens that the context's mask (B, T) excludes get zeros, take no
 *     capacity and count in no loss
 * @param loss what the router adds to the training loss; null for nothing
 */
public record ExpertsOption(
        int numExperts,
        FeedForwardOption expert,
        RouterOption router,
        FeedForwardOption shared,
        boolean sharedGate,
        int numGroups,
        boolean ignorePadding,
        RouterLoss loss)
        implements FeedForwardOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range or the router does not
     *     fit the experts
     */
    public ExpertsOption {
        Objects.requireNonNull(expert, "expert");
        Objects.requireNonNull(router, "router");
        if (numExperts < 1 || numGroups < 0) {
            throw new IllegalArgumentException(
                    "numExperts must be >= 1 and numGroups >= 0, got numExperts=%d, numGroups=%d"
                            .formatted(numExperts, numGroups));
        }
        if (!(expert instanceof DenseFeedForwardOption)
                && !(expert instanceof GatedFeedForwardOption)) {
            throw new IllegalArgumentException(
                    "expert must be a dense or a gated feed-forward, got expert=" + expert);
        }
        if (sharedGate && shared == null) {
            throw new IllegalArgumentException(
                    "sharedGate must have a shared expert, got sharedGate=true, shared=null");
        }
        router.check(numExperts, loss);
    }

    /** Starts a choice without shared expert and losses, all tokens in one group. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ExpertsFeedForward create(int dim) {
        return new ExpertsFeedForward(dim, this);
    }

    /** Features inside an expert (F). */
    public int width() {
        return expert instanceof GatedFeedForwardOption gated
                ? gated.width()
                : ((DenseFeedForwardOption) expert).width();
    }

    /** Whether an expert's map up is multiplied by a gate. */
    boolean gated() {
        return expert instanceof GatedFeedForwardOption;
    }

    Activation activation() {
        return expert instanceof GatedFeedForwardOption gated
                ? gated.activation()
                : ((DenseFeedForwardOption) expert).activation();
    }

    boolean bias() {
        return expert instanceof GatedFeedForwardOption gated
                ? gated.bias()
                : ((DenseFeedForwardOption) expert).bias();
    }

    double dropout() {
        return expert instanceof GatedFeedForwardOption gated
                ? gated.dropout()
                : ((DenseFeedForwardOption) expert).dropout();
    }

    /** Collects the components. */
    public static final class Builder {

        private int numExperts;
        private FeedForwardOption expert;
        private RouterOption router;
        private FeedForwardOption shared;
        private boolean sharedGate;
        private int numGroups = 1;
        private boolean ignorePadding = true;
        private RouterLoss loss;

        private Builder() {}

        /** Sets E. */
        public Builder setNumExperts(int value) {
            numExperts = value;
            return this;
        }

        /** Sets what one expert is. */
        public Builder setExpert(FeedForwardOption value) {
            expert = value;
            return this;
        }

        /** Sets how tokens and experts find each other. */
        public Builder setRouter(RouterOption value) {
            router = value;
            return this;
        }

        /** Sets a feed-forward that computes every token, and whether a gate multiplies it. */
        public Builder optShared(FeedForwardOption value, boolean gate) {
            shared = value;
            sharedGate = gate;
            return this;
        }

        /** Sets G: 1, the default, for all tokens in one group, 0 for a group per sequence. */
        public Builder optNumGroups(int value) {
            numGroups = value;
            return this;
        }

        /** Sets whether padding is left out; true by default. */
        public Builder optIgnorePadding(boolean value) {
            ignorePadding = value;
            return this;
        }

        /** Sets what the router adds to the training loss. */
        public Builder optLoss(RouterLoss value) {
            loss = value;
            return this;
        }

        /** Builds the option. */
        public ExpertsOption build() {
            return new ExpertsOption(
                    numExperts, expert, router, shared, sharedGate, numGroups, ignorePadding, loss);
        }
    }
}
