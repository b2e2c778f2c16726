package org.jzoo.datasets.longtext;

/**
 * Which nested list operations are generated.
 *
 * @param minLength the fewest tokens of an expression
 * @param maxLength the most tokens of an expression
 * @param maxDepth the depth of the deepest numbers, from 2; the outermost operator has depth 1
 * @param maxArgs the most arguments of an operator, from 2
 */
public record ListOpsConfig(int minLength, int maxLength, int maxDepth, int maxArgs) {

    /** Checks the ranges. */
    public ListOpsConfig {
        if (minLength < 4 || maxLength < minLength) {
            throw new IllegalArgumentException(
                    "minLength must be in [4, maxLength], got minLength=%d, maxLength=%d"
                            .formatted(minLength, maxLength));
        }
        if (maxDepth < 2 || maxArgs < 2) {
            throw new IllegalArgumentException(
                    "maxDepth and maxArgs must be >= 2, got maxDepth=%d, maxArgs=%d"
                            .formatted(maxDepth, maxArgs));
        }
    }

    /** Long Range Arena's: over 500 and under 2,000 tokens, depth 10, 10 arguments. */
    public static ListOpsConfig published() {
        return new ListOpsConfig(501, 1_999, 10, 10);
    }
}
