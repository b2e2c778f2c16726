package org.jzoo.training.optimizer;

import java.util.Objects;

/**
 * Parameters that learn at a rate of their own.
 *
 * @param pattern a glob over parameter paths, as in {@link PathPattern}
 * @param learningRateFactor multiplies the learning rate, at least 0
 * @param weightDecayFactor multiplies the weight decay, at least 0
 */
public record ParameterGroup(String pattern, double learningRateFactor, double weightDecayFactor) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a factor is negative
     */
    public ParameterGroup {
        Objects.requireNonNull(pattern, "pattern");
        if (!(learningRateFactor >= 0 && weightDecayFactor >= 0)) {
            throw new IllegalArgumentException(
                    "learningRateFactor and weightDecayFactor must be >= 0, got"
                            + " learningRateFactor=%s, weightDecayFactor=%s"
                                    .formatted(learningRateFactor, weightDecayFactor));
        }
    }
}
