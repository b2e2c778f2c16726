package org.jzoo.datasets.batch;

import java.util.Objects;

/**
 * How rows are put into batches.
 *
 * @param batchSize most rows of a batch, or 0 for no such limit
 * @param tokenBudget most tokens of a batch, padding included (B times T), or 0 for no such limit
 * @param multipleOf T is rounded up to a multiple of it; 1 or more
 * @param order in which order rows become batches
 * @param seed of the shuffling
 */
public record BatchingConfig(
        int batchSize, int tokenBudget, int multipleOf, BatchOrder order, long seed) {

    /** Checks the ranges. */
    public BatchingConfig {
        Objects.requireNonNull(order, "order");
        if (batchSize < 0 || tokenBudget < 0 || (batchSize == 0 && tokenBudget == 0)) {
            throw new IllegalArgumentException(
                    "batchSize and tokenBudget must be >= 0 and one of them > 0, "
                            + "got batchSize=%d, tokenBudget=%d".formatted(batchSize, tokenBudget));
        }
        if (multipleOf < 1) {
            throw new IllegalArgumentException(
                    "multipleOf must be >= 1, got multipleOf=" + multipleOf);
        }
    }

    /** For training: buckets of {@code batchSize} rows, shuffled by {@code seed}. */
    public static BatchingConfig training(int batchSize, long seed) {
        return new BatchingConfig(batchSize, 0, 1, BatchOrder.BUCKETED, seed);
    }

    /** For evaluation: {@code batchSize} rows, longest first. */
    public static BatchingConfig evaluation(int batchSize) {
        return new BatchingConfig(batchSize, 0, 1, BatchOrder.LENGTH, 0);
    }

    /** A builder that starts from 32 rows a batch in buckets, seed 0. */
    public static Builder builder() {
        return new Builder();
    }

    /** T for a longest row of {@code length} tokens. */
    int padded(int length) {
        return Math.toIntExact((length + (long) multipleOf - 1) / multipleOf * multipleOf);
    }

    /** Builds a {@link BatchingConfig}. */
    public static final class Builder {
        private int batchSize = 32;
        private int tokenBudget;
        private int multipleOf = 1;
        private BatchOrder order = BatchOrder.BUCKETED;
        private long seed;

        private Builder() {}

        /** Sets the most rows of a batch, or 0 for no such limit; 32 by default. */
        public Builder optBatchSize(int batchSize) {
            this.batchSize = batchSize;
            return this;
        }

        /** Sets the most tokens of a batch, or 0 for no such limit; 0 by default. */
        public Builder optTokenBudget(int tokenBudget) {
            this.tokenBudget = tokenBudget;
            return this;
        }

        /** Sets what T is a multiple of; 1 by default. */
        public Builder optMultipleOf(int multipleOf) {
            this.multipleOf = multipleOf;
            return this;
        }

        /** Sets the order; buckets by default. */
        public Builder optOrder(BatchOrder order) {
            this.order = order;
            return this;
        }

        /** Sets the seed; 0 by default. */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /** Builds and checks the configuration. */
        public BatchingConfig build() {
            return new BatchingConfig(batchSize, tokenBudget, multipleOf, order, seed);
        }
    }
}
