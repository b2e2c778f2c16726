package org.jzoo.blocks.attention;

/**
 * A gate per head and position, {@code sigmoid(x wᵀ + b)}, that lets attention forget what came
 * before it.
 *
 * @param initialBias where b starts: 5 forgets half in about 100 positions, as the paper does; any
 *     finite number
 * @see <a href="https://arxiv.org/abs/2503.02130">Lin et al. 2025, Forgetting Transformer</a>
 */
public record ForgetGate(double initialBias) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code initialBias} is not finite
     */
    public ForgetGate {
        if (!Double.isFinite(initialBias)) {
            throw new IllegalArgumentException(
                    "initialBias must be finite, got initialBias=" + initialBias);
        }
    }
}
