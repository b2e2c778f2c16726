package org.jzoo.training.optimizer;

import java.util.List;

/**
 * AdamW's numbers.
 *
 * @param learningRate the rate that a schedule's factor multiplies, at least 0
 * @param beta1 decay of the running mean of gradients, in [0, 1)
 * @param beta2 decay of the running mean of squared gradients, in [0, 1)
 * @param epsilon added to the root of the second moment, positive
 * @param weightDecay λ in {@code p ← p - rate · λ · p}, at least 0
 * @param noDecay {@link PathPattern patterns} of parameters that never decay
 * @param groups parameters with rates of their own; the first whose pattern matches counts, others
 *     have factors of 1
 */
public record AdamWConfig(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        List<String> noDecay,
        List<ParameterGroup> groups) {

    /** Biases and the scales of norms. */
    public static final List<String> BIASES_AND_NORMS = List.of("*bias", "*norm.weight");

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public AdamWConfig {
        noDecay = List.copyOf(noDecay);
        groups = List.copyOf(groups);
        atLeastZero("learningRate", learningRate);
        share("beta1", beta1);
        share("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be > 0, got epsilon=" + epsilon);
        }
        atLeastZero("weightDecay", weightDecay);
    }

    private static void atLeastZero(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(
                    "%s must be >= 0 and finite, got %s=%s".formatted(name, name, value));
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "%s must be in [0, 1), got %s=%s".formatted(name, name, value));
        }
    }

    /** Collects the numbers; all but the learning rate have PyTorch's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** PyTorch's defaults at a learning rate. */
    public static AdamWConfig of(double learningRate) {
        return builder().setLearningRate(learningRate).build();
    }

    /** Collects an {@link AdamWConfig}. */
    public static final class Builder {

        private double learningRate = -1;
        private double beta1 = 0.9;
        private double beta2 = 0.999;
        private double epsilon = 1e-8;
        private double weightDecay = 0.01;
        private List<String> noDecay = BIASES_AND_NORMS;
        private List<ParameterGroup> groups = List.of();

        private Builder() {}

        /** Sets {@link AdamWConfig#learningRate()}. */
        public Builder setLearningRate(double value) {
            learningRate = value;
            return this;
        }

        /** Sets both decays; 0.9 and 0.999 by default. */
        public Builder optBetas(double first, double second) {
            beta1 = first;
            beta2 = second;
            return this;
        }

        /** Sets {@link AdamWConfig#epsilon()}; 1e-8 by default. */
        public Builder optEpsilon(double value) {
            epsilon = value;
            return this;
        }

        /** Sets {@link AdamWConfig#weightDecay()}; 0.01 by default. */
        public Builder optWeightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /** Sets {@link AdamWConfig#noDecay()}; {@link #BIASES_AND_NORMS} by default. */
        public Builder optNoDecay(List<String> patterns) {
            noDecay = patterns;
            return this;
        }

        /** Sets {@link AdamWConfig#groups()}; none by default. */
        public Builder optGroups(List<ParameterGroup> value) {
            groups = value;
            return this;
        }

        /** Validates and builds. */
        public AdamWConfig build() {
            return new AdamWConfig(
                    learningRate, beta1, beta2, epsilon, weightDecay, noDecay, groups);
        }
    }
}
