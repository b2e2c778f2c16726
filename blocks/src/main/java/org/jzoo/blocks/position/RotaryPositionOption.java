package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.RotaryKernel;

/**
 * Chooses rotary positions: pair i of a head's features turns by {@code position · base^(-2i/R)}.
 *
 * @param rotaryBase the base, above 1; 10,000 in the paper
 * @param rotaryDim features that turn (R), even; the rest of the head stays
 * @param interleaved true pairs neighbouring features (the paper, GPT-J); false pairs the halves
 *     (Llama)
 * @param scaling other frequencies for longer contexts; null for those of the paper
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021, RoFormer</a>
 */
public record RotaryPositionOption(
        double rotaryBase, int rotaryDim, boolean interleaved, RotaryScaling scaling)
        implements QueryKeyPosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public RotaryPositionOption {
        if (!(rotaryBase > 1)) {
            throw new IllegalArgumentException(
                    "rotaryBase must be > 1, got rotaryBase=" + rotaryBase);
        }
        if (rotaryDim < 2 || rotaryDim % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotaryDim must be even and >= 2, got rotaryDim=" + rotaryDim);
        }
    }

    /** Rotary positions as in the paper, without scaling. */
    public RotaryPositionOption(double rotaryBase, int rotaryDim, boolean interleaved) {
        this(rotaryBase, rotaryDim, interleaved, null);
    }

    /** Radians per position for each pair of features. */
    public double[] frequencies() {
        return scaling == null
                ? RotaryScaling.unscaled(rotaryBase, rotaryDim)
                : scaling.frequencies(rotaryBase, rotaryDim);
    }

    /** The factor of the turned features. */
    public double amplitude() {
        return scaling == null ? 1 : scaling.amplitude();
    }

    @Override
    public NDArray encode(NDArray x, NDArray positions) {
        return RotaryKernel.rotate(x, positions, frequencies(), interleaved, amplitude());
    }

    @Override
    public NDArray[] encodeBoth(NDArray queries, NDArray keys, NDArray positions) {
        return RotaryKernel.rotateBoth(
                queries, keys, positions, frequencies(), interleaved, amplitude());
    }
}
