package org.jzoo.datasets.split;

/**
 * Shares of the parts, each from 0 to 1, together 1.
 *
 * @param train of {@link Part#TRAIN}
 * @param validation of {@link Part#VALIDATION}
 * @param test of {@link Part#TEST}
 */
public record SplitFractions(double train, double validation, double test) {

    /** Checks the ranges and the sum. */
    public SplitFractions {
        boolean inRange = train >= 0 && validation >= 0 && test >= 0;
        if (!inRange || Math.abs(train + validation + test - 1) > 1e-9) {
            throw new IllegalArgumentException(
                    "fractions must be >= 0 and sum to 1, got train=%s, validation=%s, test=%s"
                            .formatted(train, validation, test));
        }
    }

    /** The part at a place in [0, 1) when the parts lie side by side. */
    Part at(double place) {
        if (place < train) {
            return Part.TRAIN;
        }
        // The last part that is not empty takes what rounding leaves over.
        return place < train + validation || test == 0
                ? validation == 0 ? Part.TRAIN : Part.VALIDATION
                : Part.TEST;
    }
}
