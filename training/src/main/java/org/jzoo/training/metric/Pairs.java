package org.jzoo.training.metric;

/** The check that all value metrics share. */
final class Pairs {

    private Pairs() {}

    static void checkLengths(int predicted, int expected) {
        if (predicted != expected) {
            throw new IllegalArgumentException(
                    "predicted must be as long as expected, got predicted=%d, expected=%d"
                            .formatted(predicted, expected));
        }
    }
}
