package org.jzoo.blocks.norm;

/**
 * Chooses {@link LayerNorm}.
 *
 * @param epsilon added under the root, positive
 */
public record LayerNormOption(double epsilon) implements NormOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code epsilon} is not positive
     */
    public LayerNormOption {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be > 0, got epsilon=" + epsilon);
        }
    }

    @Override
    public LayerNorm create(int dim) {
        return new LayerNorm(dim, epsilon);
    }
}
