package org.jzoo.blocks.position;

import org.jzoo.blocks.part.Option;

/**
 * A choice of how rotary positions turn beyond the length that a model was trained with: which
 * frequencies, in radians per position, take the place of {@code base^(-2i/R)}.
 */
public sealed interface RotaryScaling extends Option
        permits LinearRotaryScaling, NtkRotaryScaling, YarnRotaryScaling, BandRotaryScaling {

    /**
     * The frequencies.
     *
     * @param base the base of {@link RotaryPositionOption}
     * @param dim features that turn (R), even
     * @return R/2 radians per position
     */
    double[] frequencies(double base, int dim);

    /** Factor of the turned queries and of the turned keys. */
    default double amplitude() {
        return 1;
    }

    /** The unscaled frequencies {@code base^(-2i/R)}. */
    static double[] unscaled(double base, int dim) {
        double[] radians = new double[dim / 2];
        for (int i = 0; i < radians.length; i++) {
            radians[i] = Math.pow(base, -2.0 * i / dim);
        }
        return radians;
    }

    /** Checks what all schemes share. */
    static void checkFactor(double factor) {
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor must be >= 1, got factor=" + factor);
        }
    }

    /** Checks a length that a scheme counts from. */
    static void checkTrainedLength(int trainedLength) {
        if (trainedLength < 1) {
            throw new IllegalArgumentException(
                    "trainedLength must be >= 1, got trainedLength=" + trainedLength);
        }
    }
}
