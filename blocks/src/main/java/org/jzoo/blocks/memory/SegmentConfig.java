package org.jzoo.blocks.memory;

/**
 * How a long input is read.
 *
 * @param length positions of a segment (T), at least 1; the last one may be shorter
 * @param gradientSegments segments that gradients may cross (K), at least 1: segments form groups
 *     of K, and memory from one group to the next carries values only
 */
public record SegmentConfig(int length, int gradientSegments) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is below 1
     */
    public SegmentConfig {
        if (length < 1 || gradientSegments < 1) {
            throw new IllegalArgumentException(
                    "length and gradientSegments must be >= 1, got length=%d, gradientSegments=%d"
                            .formatted(length, gradientSegments));
        }
    }

    /** Whether gradients of later segments reach segment {@code index}, from 0. */
    boolean recorded(int index) {
        return (index + 1) % gradientSegments != 0;
    }

    /** The number of segments of a long input. */
    public int count(long positions) {
        return Math.toIntExact((positions + length - 1) / length);
    }
}
