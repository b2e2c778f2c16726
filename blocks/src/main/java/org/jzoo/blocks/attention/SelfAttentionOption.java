package org.jzoo.blocks.attention;

import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.transformer.MixerOption;

/**
 * Chooses {@link SelfAttention}: multi-head, grouped-query or multi-query.
 *
 * @param numHeads query heads (H), at least 1
 * @param numKeyHeads key and value heads (K), a divisor of H; K = H multi-head, K = 1 multi-query
 * @param headSize features of a head (Dh), at least 1
 * @param bias whether query, key and value maps have a bias
 * @param outputBias whether the output map has a bias
 * @param causal whether a position sees only itself and earlier ones
 * @param dropout share of attention weights that are zeroed while training, in [0, 1)
 * @param position how queries and keys know their positions; null for not at all
 * @param window how far a position sees: causal, itself and window - 1 before it; otherwise window
 *     / 2 to each side; 0 for no limit
 * @param scale factor of the scores, above 0; null for 1/√Dh
 * @param queryKeyNorm norm over each head's queries and keys, before positions; null for none
 * @param valueResidual whether the first layer's values are mixed into this layer's
 * @param forgetGate lets scores fall with what lies between; null for no forgetting
 */
public record SelfAttentionOption(
        int numHeads,
        int numKeyHeads,
        int headSize,
        boolean bias,
        boolean outputBias,
        boolean causal,
        double dropout,
        QueryKeyPosition position,
        int window,
        Double scale,
        NormOption queryKeyNorm,
        boolean valueResidual,
        ForgetGate forgetGate)
        implements MixerOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public SelfAttentionOption {
        if (numHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException(
                    "numHeads and headSize must be >= 1, got numHeads=%d, headSize=%d"
                            .formatted(numHeads, headSize));
        }
        if (numKeyHeads < 1 || numHeads % numKeyHeads != 0) {
            throw new IllegalArgumentException(
                    "numKeyHeads must divide numHeads, got numKeyHeads=%d, numHeads=%d"
                            .formatted(numKeyHeads, numHeads));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
        if (window < 0) {
            throw new IllegalArgumentException("window must be >= 0, got window=" + window);
        }
        if (scale != null && !(scale > 0)) {
            throw new IllegalArgumentException("scale must be > 0, got scale=" + scale);
        }
    }

    /** Starts a multi-head choice with biases, no dropout and no positions. */
    public static Builder builder() {
        return new Builder();
    }

    /** This choice with other numbers of heads and key heads, of the same size. */
    public SelfAttentionOption withHeads(int heads, int keyHeads) {
        return new SelfAttentionOption(
                heads,
                keyHeads,
                headSize,
                bias,
                outputBias,
                causal,
                dropout,
                position,
                window,
                scale,
                queryKeyNorm,
                valueResidual,
                forgetGate);
    }

    @Override
    public SelfAttention create(int dim) {
        return new SelfAttention(dim, this);
    }

    /** Collects the components. */
    public static final class Builder {

        private int numHeads;
        private int numKeyHeads;
        private int headSize;
        private boolean bias = true;
        private boolean outputBias = true;
        private boolean causal;
        private double dropout;
        private QueryKeyPosition position;
        private int window;
        private Double scale;
        private NormOption queryKeyNorm;
        private boolean valueResidual;
        private ForgetGate forgetGate;

        private Builder() {}

        /**
         * Sets H and Dh from a width.
         *
         * @throws IllegalArgumentException if {@code heads} does not divide {@code dim}
         */
        public Builder setHeads(int heads, int dim) {
            if (heads < 1 || dim % heads != 0) {
                throw new IllegalArgumentException(
                        "numHeads must divide dim, got numHeads=%d, dim=%d".formatted(heads, dim));
            }
            numHeads = heads;
            headSize = dim / heads;
            return this;
        }

        /** Sets K; H by default. */
        public Builder optNumKeyHeads(int heads) {
            numKeyHeads = heads;
            return this;
        }

        /** Sets Dh apart from the width. */
        public Builder optHeadSize(int size) {
            headSize = size;
            return this;
        }

        /** Sets whether the query, key and value maps, and the output map, have biases. */
        public Builder optBias(boolean inputs, boolean output) {
            bias = inputs;
            outputBias = output;
            return this;
        }

        /** Sets whether a position sees only itself and earlier ones. */
        public Builder optCausal(boolean value) {
            causal = value;
            return this;
        }

        /** Sets the share of attention weights that are zeroed while training. */
        public Builder optDropout(double value) {
            dropout = value;
            return this;
        }

        /** Sets how queries and keys know their positions. */
        public Builder optPosition(QueryKeyPosition value) {
            position = value;
            return this;
        }

        /** Sets how far a position sees; 0 for no limit. */
        public Builder optWindow(int positions) {
            window = positions;
            return this;
        }

        /** Sets the factor of the scores; null for 1/√Dh. */
        public Builder optScale(Double value) {
            scale = value;
            return this;
        }

        /** Sets the norm over each head's queries and keys; null for none. */
        public Builder optQueryKeyNorm(NormOption value) {
            queryKeyNorm = value;
            return this;
        }

        /** Sets whether the first layer's values are mixed into this layer's. */
        public Builder optValueResidual(boolean value) {
            valueResidual = value;
            return this;
        }

        /** Sets the forget gate; null for none. */
        public Builder optForgetGate(ForgetGate value) {
            forgetGate = value;
            return this;
        }

        /** Builds the option. */
        public SelfAttentionOption build() {
            return new SelfAttentionOption(
                    numHeads,
                    numKeyHeads == 0 ? numHeads : numKeyHeads,
                    headSize,
                    bias,
                    outputBias,
                    causal,
                    dropout,
                    position,
                    window,
                    scale,
                    queryKeyNorm,
                    valueResidual,
                    forgetGate);
        }
    }
}
