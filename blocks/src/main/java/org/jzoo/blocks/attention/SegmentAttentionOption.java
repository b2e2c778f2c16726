package org.jzoo.blocks.attention;

import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.transformer.MixerOption;

/**
 * Chooses {@link SegmentAttention}: attention that also sees the segment before.
 *
 * @param numHeads heads (H), at least 1
 * @param headSize features of a head (Dh), at least 1
 * @param bias whether query, key and value maps have a bias; the paper's have none
 * @param outputBias whether the output map has a bias; the paper's has none
 * @param causal whether a position sees only itself and earlier ones
 * @param dropout share of attention weights that are zeroed while training, in [0, 1)
 * @param memoryLength positions of earlier segments that are kept (M), at least 1
 * @param position null for the paper's relative positions; otherwise how queries and keys, numbered
 *     from the memory's first position, know them
 */
public record SegmentAttentionOption(
        int numHeads,
        int headSize,
        boolean bias,
        boolean outputBias,
        boolean causal,
        double dropout,
        int memoryLength,
        QueryKeyPosition position)
        implements MixerOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public SegmentAttentionOption {
        if (numHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException(
                    "numHeads and headSize must be >= 1, got numHeads=%d, headSize=%d"
                            .formatted(numHeads, headSize));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
        if (memoryLength < 1) {
            throw new IllegalArgumentException(
                    "memoryLength must be >= 1, got memoryLength=" + memoryLength);
        }
    }

    /** Starts a causal choice without biases, with the paper's positions. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SegmentAttention create(int dim) {
        return new SegmentAttention(dim, this);
    }

    /** Collects the components. */
    public static final class Builder {

        private int numHeads;
        private int headSize;
        private boolean bias;
        private boolean outputBias;
        private boolean causal = true;
        private double dropout;
        private int memoryLength;
        private QueryKeyPosition position;

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

        /** Sets the positions of earlier segments that are kept. */
        public Builder setMemoryLength(int positions) {
            memoryLength = positions;
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

        /** Sets whether a position sees only itself and earlier ones; true by default. */
        public Builder optCausal(boolean value) {
            causal = value;
            return this;
        }

        /** Sets the share of attention weights that are zeroed while training. */
        public Builder optDropout(double value) {
            dropout = value;
            return this;
        }

        /** Sets how queries and keys know their positions; null for the paper's way. */
        public Builder optPosition(QueryKeyPosition value) {
            position = value;
            return this;
        }

        /** Builds the option. */
        public SegmentAttentionOption build() {
            return new SegmentAttentionOption(
                    numHeads, headSize, bias, outputBias, causal, dropout, memoryLength, position);
        }
    }
}
