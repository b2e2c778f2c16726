package org.jzoo.blocks.position;

/**
 * Chooses the larger base of NTK-aware interpolation, as the dynamic scheme has it at one length:
 * {@code base · (factor · length / trainedLength - (factor - 1))^(R / (R - 2))}. The fastest pair
 * turns as in training, the slowest one as interpolated.
 *
 * <p>The dynamic scheme changes its base with each input's length, so that keys kept in a cache
 * would have turned by another base than later queries. Here the base belongs to {@code length},
 * whatever an input's own length: cached and uncached passes agree. At {@code length =
 * trainedLength} nothing is scaled.
 *
 * @param factor at least 1
 * @param trainedLength positions of the training, at least 1
 * @param length positions to turn for, at least {@code trainedLength}
 * @see <a href="https://arxiv.org/abs/2309.00071">Peng et al. 2023, YaRN</a>, sections 3.1 and 3.3
 */
public record NtkRotaryScaling(double factor, int trainedLength, int length)
        implements RotaryScaling {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public NtkRotaryScaling {
        RotaryScaling.checkFactor(factor);
        RotaryScaling.checkTrainedLength(trainedLength);
        if (length < trainedLength) {
            throw new IllegalArgumentException(
                    "length must be >= trainedLength, got length=%d, trainedLength=%d"
                            .formatted(length, trainedLength));
        }
    }

    @Override
    public double[] frequencies(double base, int dim) {
        if (dim == 2) {
            return RotaryScaling.unscaled(base, dim); // one pair: base to the power of zero
        }
        double growth = factor * length / trainedLength - (factor - 1);
        return RotaryScaling.unscaled(base * Math.pow(growth, dim / (dim - 2.0)), dim);
    }
}
