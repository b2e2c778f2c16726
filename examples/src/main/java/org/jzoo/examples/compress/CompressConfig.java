package org.jzoo.examples.compress;

import java.util.Objects;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.training.compression.pruning.SparsityRule;

/**
 * How a tuned model is made smaller.
 *
 * @param share of the model's weights that may stay, in (0, 1]
 * @param fewerTokens whether tokens that the training texts do not use are left out
 * @param tokenRank width of the smaller model's token table, with a map to the model's width; 0 for
 *     a table of that width
 * @param channels by what channels are chosen
 * @param zeros which single weights of the layers stay while the smaller model learns, the others
 *     are 0; null for all
 * @param labelShare of the labels in the loss, against what the whole model says, in [0, 1]
 * @param temperature of both models' answers, above 0
 * @param importanceBatches batches of eight texts by which importance is measured, at least 1
 * @param training how the smaller model learns; its model is the one to be made smaller
 */
public record CompressConfig(
        double share,
        boolean fewerTokens,
        int tokenRank,
        ChannelScore channels,
        SparsityRule zeros,
        double labelShare,
        double temperature,
        int importanceBatches,
        FineTuneConfig training) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CompressConfig {
        Objects.requireNonNull(channels, "channels");
        Objects.requireNonNull(training, "training");
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be in (0, 1], got share=" + share);
        }
        if (tokenRank < 0) {
            throw new IllegalArgumentException(
                    "tokenRank must be >= 0, got tokenRank=" + tokenRank);
        }
        if (!(labelShare >= 0 && labelShare <= 1) || !(temperature > 0) || importanceBatches < 1) {
            throw new IllegalArgumentException(
                    "labelShare must be in [0, 1], temperature > 0 and importanceBatches >= 1, got labelShare=%s, temperature=%s, importanceBatches=%d"
                            .formatted(labelShare, temperature, importanceBatches));
        }
    }

    /** A builder with the usual numbers. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the parts of a {@link CompressConfig}. */
    public static final class Builder {

        private double share;
        private FineTuneConfig training;
        private boolean fewerTokens = true;
        private int tokenRank;
        private ChannelScore channels = ChannelScore.FIRST_ORDER;
        private SparsityRule zeros;
        private double labelShare = 0.3;
        private double temperature = 2;
        private int importanceBatches = 64;

        private Builder() {}

        /** Sets the share of the weights that may stay. */
        public Builder setShare(double value) {
            share = value;
            return this;
        }

        /** Sets how the smaller model learns. */
        public Builder setTraining(FineTuneConfig value) {
            training = value;
            return this;
        }

        /** Sets whether unused tokens are left out; they are by default. */
        public Builder optFewerTokens(boolean value) {
            fewerTokens = value;
            return this;
        }

        /** Sets the width of the token table; the model's by default. */
        public Builder optTokenRank(int value) {
            tokenRank = value;
            return this;
        }

        /** Sets by what channels are chosen; by how much the loss depends on them by default. */
        public Builder optChannels(ChannelScore value) {
            channels = value;
            return this;
        }

        /** Sets which single weights stay; all by default. */
        public Builder optZeros(SparsityRule value) {
            zeros = value;
            return this;
        }

        /** Sets the share of the labels in the loss; 0.3 by default. */
        public Builder optLabelShare(double value) {
            labelShare = value;
            return this;
        }

        /** Sets the temperature of both models' answers; 2 by default. */
        public Builder optTemperature(double value) {
            temperature = value;
            return this;
        }

        /** Sets by how many batches importance is measured; 64 by default. */
        public Builder optImportanceBatches(int value) {
            importanceBatches = value;
            return this;
        }

        /** Builds the configuration. */
        public CompressConfig build() {
            return new CompressConfig(
                    share,
                    fewerTokens,
                    tokenRank,
                    channels,
                    zeros,
                    labelShare,
                    temperature,
                    importanceBatches,
                    training);
        }
    }
}
