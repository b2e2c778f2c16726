package org.jzoo.blocks.position;

/**
 * Chooses position interpolation: position m counts as {@code m / factor}.
 *
 * @param factor how much longer than in training, at least 1
 * @see <a href="https://arxiv.org/abs/2306.15595">Chen et al. 2023, Position Interpolation</a>
 */
public record LinearRotaryScaling(double factor) implements RotaryScaling {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code factor < 1}
     */
    public LinearRotaryScaling {
        RotaryScaling.checkFactor(factor);
    }

    @Override
    public double[] frequencies(double base, int dim) {
        double[] radians = RotaryScaling.unscaled(base, dim);
        for (int i = 0; i < radians.length; i++) {
            radians[i] /= factor;
        }
        return radians;
    }
}
