package org.jzoo.blocks.norm;

/**
 * Chooses {@link RmsNorm}.
 *
 * @param epsilon added under the root, positive
 */
public record RmsNormOption(double epsilon) implements NormOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code epsilon} is not positive
     */
    public RmsNormOption {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be > 0, got epsilon=" + epsilon);
        }
    }

    @Override
    public RmsNorm create(int dim) {
        return new RmsNorm(dim, epsilon);
    }
}
