package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.RotaryKernel;

/**
 * Chooses rotary positions of an image's patches: half of the features that turn go by the patch's
 * row, half by its column, pair i of each half by {@code base^(-4i/R)}. Tokens before the patches
 * do not turn.
 *
 * @param rotaryBase the base, above 1; 100 suits grids of some ten rows
 * @param rotaryDim features that turn (R), a multiple of 4; the rest of the head stays
 * @param interleaved true pairs neighbouring features, false the halves of each half
 * @see <a href="https://arxiv.org/abs/2403.13298">Heo et al. 2024, Rotary Position Embedding for
 *     Vision Transformer</a>, the axial form
 */
public record RotaryGridPositionOption(double rotaryBase, int rotaryDim, boolean interleaved)
        implements QueryKeyPosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public RotaryGridPositionOption {
        if (!(rotaryBase > 1)) {
            throw new IllegalArgumentException(
                    "rotaryBase must be > 1, got rotaryBase=" + rotaryBase);
        }
        if (rotaryDim < 4 || rotaryDim % 4 != 0) {
            throw new IllegalArgumentException(
                    "rotaryDim must be a positive multiple of 4, got rotaryDim=" + rotaryDim);
        }
    }

    /** Radians per row and per column for each pair of features. */
    public double[] frequencies() {
        double[] radians = new double[rotaryDim / 4];
        for (int i = 0; i < radians.length; i++) {
            radians[i] = Math.pow(rotaryBase, -4.0 * i / rotaryDim);
        }
        return radians;
    }

    /**
     * Encodes queries or keys.
     *
     * @throws IllegalArgumentException if the positions are not rows and columns
     */
    @Override
    public NDArray encode(NDArray x, NDArray positions) {
        if (positions == null
                || positions.getShape().dimension() < 2
                || positions.getShape().tail() != 2) {
            throw new IllegalArgumentException(
                    "positions must be rows and columns (T, 2) or (B, T, 2), got "
                            + (positions == null ? null : positions.getShape()));
        }
        return RotaryKernel.rotateGrid(x, positions, frequencies(), interleaved);
    }
}
