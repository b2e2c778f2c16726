package org.jzoo.blocks.position;

/**
 * Chooses YaRN: pairs that turn more than {@code fastRotations} times within the trained length
 * stay, those that turn less than {@code slowRotations} times are interpolated by {@code factor},
 * and a linear ramp over pairs lies between. Attention sharpens by {@code amplitude²}.
 *
 * @param factor how much longer than in training, at least 1
 * @param trainedLength positions of the training, at least 1
 * @param fastRotations turns from which a pair stays; 32 in the paper
 * @param slowRotations turns below which a pair is interpolated, below {@code fastRotations}; 1 in
 *     the paper
 * @param wholePairs whether the ramp begins and ends at whole pairs
 * @param attentionFactor factor of queries and keys, above 0; null for the paper's {@code 0.1
 *     ln(factor) + 1}
 * @see <a href="https://arxiv.org/abs/2309.00071">Peng et al. 2023, YaRN</a>, sections 3.2 to 3.4
 */
public record YarnRotaryScaling(
        double factor,
        int trainedLength,
        double fastRotations,
        double slowRotations,
        boolean wholePairs,
        Double attentionFactor)
        implements RotaryScaling {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public YarnRotaryScaling {
        RotaryScaling.checkFactor(factor);
        RotaryScaling.checkTrainedLength(trainedLength);
        if (!(slowRotations > 0 && fastRotations > slowRotations)) {
            throw new IllegalArgumentException(
                    "slowRotations must be in (0, fastRotations), got slowRotations=%s, fastRotations=%s"
                            .formatted(slowRotations, fastRotations));
        }
        if (attentionFactor != null && !(attentionFactor > 0)) {
            throw new IllegalArgumentException(
                    "attentionFactor must be > 0, got attentionFactor=" + attentionFactor);
        }
    }

    /** The paper's numbers. */
    public static YarnRotaryScaling of(double factor, int trainedLength) {
        return new YarnRotaryScaling(factor, trainedLength, 32, 1, true, null);
    }

    @Override
    public double[] frequencies(double base, int dim) {
        double first = pairThatTurns(fastRotations, base, dim);
        double last = pairThatTurns(slowRotations, base, dim);
        double from = Math.max(wholePairs ? Math.floor(first) : first, 0);
        double to = Math.min(wholePairs ? Math.ceil(last) : last, dim - 1);
        double width = from == to ? 0.001 : to - from; // a step instead of a ramp
        double[] radians = RotaryScaling.unscaled(base, dim);
        for (int i = 0; i < radians.length; i++) {
            double interpolated = Math.min(Math.max((i - from) / width, 0), 1);
            radians[i] *= interpolated / factor + (1 - interpolated);
        }
        return radians;
    }

    // The pair i, a fraction, whose base^(-2i/R) makes so many turns within the trained length.
    private double pairThatTurns(double rotations, double base, int dim) {
        return dim * Math.log(trainedLength / (rotations * 2 * Math.PI)) / (2 * Math.log(base));
    }

    @Override
    public double amplitude() {
        return attentionFactor != null ? attentionFactor : 0.1 * Math.log(factor) + 1;
    }
}
