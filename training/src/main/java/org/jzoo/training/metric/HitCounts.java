package org.jzoo.training.metric;

/**
 * The hits and errors of one class against all others.
 *
 * <p>A ratio whose denominator is zero is 0: a class that is never predicted has precision 0.
 *
 * @param truePositives examples of the class that were predicted as it
 * @param falsePositives other examples that were predicted as it
 * @param falseNegatives examples of the class that were predicted as another
 */
public record HitCounts(long truePositives, long falsePositives, long falseNegatives) {

    /** Checks that no count is negative. */
    public HitCounts {
        if (truePositives < 0 || falsePositives < 0 || falseNegatives < 0) {
            throw new IllegalArgumentException(
                    "counts must be >= 0, got truePositives=%d, falsePositives=%d, falseNegatives=%d"
                            .formatted(truePositives, falsePositives, falseNegatives));
        }
    }

    /** TP / (TP + FP), 0 … 1. */
    public double precision() {
        return ratio(truePositives, truePositives + falsePositives);
    }

    /** TP / (TP + FN), 0 … 1. */
    public double recall() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /** 2·TP / (2·TP + FP + FN), the harmonic mean of precision and recall, 0 … 1. */
    public double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /** The number of examples of the class: TP + FN. */
    public long support() {
        return truePositives + falseNegatives;
    }

    HitCounts plus(HitCounts other) {
        return new HitCounts(
                truePositives + other.truePositives,
                falsePositives + other.falsePositives,
                falseNegatives + other.falseNegatives);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
