package org.jzoo.zoo.generation;

import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How texts are continued.
 *
 * @param maxNewTokens tokens to add at most, at least 1
 * @param temperature divides the logits before a token is drawn; 0 takes the most probable token
 * @param topK draws among the k most probable tokens only; 0 for all
 * @param topP draws among the most probable tokens that together reach this probability, in (0, 1]
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that are there
 *     already, at least 1
 * @param seed of the draws, which nothing else disturbs
 * @param precision of matrix products
 * @param cached whether keys and values are kept from token to token; without, every token reads
 *     the whole text again
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2020, nucleus sampling</a>
 * @see <a href="https://arxiv.org/abs/1909.05858">Keskar et al. 2019, CTRL</a>, section 4.1
 *     (repetition)
 */
public record GenerationConfig(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        long seed,
        Precision precision,
        boolean cached) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public GenerationConfig {
        Objects.requireNonNull(precision, "precision");
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException(
                    "maxNewTokens must be >= 1, got maxNewTokens=" + maxNewTokens);
        }
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "temperature must be >= 0 and finite, got temperature=" + temperature);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("topK must be >= 0, got topK=" + topK);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must be in (0, 1], got topP=" + topP);
        }
        if (!(repetitionPenalty >= 1 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "repetitionPenalty must be >= 1 and finite, got repetitionPenalty="
                            + repetitionPenalty);
        }
    }

    /** The most probable token each time, in float32, with a cache. */
    public static GenerationConfig greedy(int maxNewTokens) {
        return builder().optMaxNewTokens(maxNewTokens).build();
    }

    /** Starts with 128 tokens, the most probable each time, in float32, with a cache. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the components. */
    public static final class Builder {

        private int maxNewTokens = 128;
        private double temperature;
        private int topK;
        private double topP = 1;
        private double repetitionPenalty = 1;
        private long seed;
        private Precision precision = Precision.FLOAT32;
        private boolean cached = true;

        private Builder() {}

        /** Sets the tokens to add at most. */
        public Builder optMaxNewTokens(int count) {
            maxNewTokens = count;
            return this;
        }

        /** Sets what divides the logits; 0 takes the most probable token. */
        public Builder optTemperature(double value) {
            temperature = value;
            return this;
        }

        /** Sets among how many tokens is drawn; 0 for all. */
        public Builder optTopK(int k) {
            topK = k;
            return this;
        }

        /** Sets what probability the tokens to draw among reach together. */
        public Builder optTopP(double p) {
            topP = p;
            return this;
        }

        /** Sets the penalty of tokens that are there already. */
        public Builder optRepetitionPenalty(double value) {
            repetitionPenalty = value;
            return this;
        }

        /** Sets the seed of the draws. */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /** Sets the precision of matrix products. */
        public Builder optPrecision(Precision value) {
            precision = value;
            return this;
        }

        /** Sets whether keys and values are kept. */
        public Builder optCached(boolean value) {
            cached = value;
            return this;
        }

        /** Builds the configuration. */
        public GenerationConfig build() {
            return new GenerationConfig(
                    maxNewTokens,
                    temperature,
                    topK,
                    topP,
                    repetitionPenalty,
                    seed,
                    precision,
                    cached);
        }
    }
}
