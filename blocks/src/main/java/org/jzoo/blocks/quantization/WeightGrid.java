package org.jzoo.blocks.quantization;

import java.util.Objects;

/**
 * How few numbers a weight may be: {@code (code - zero) · scale} with codes 0 … 2^bits - 1.
 *
 * @param bits of a code, 2 to 8
 * @param symmetric whether the zero is the middle code, so that a scale is all that is kept; else a
 *     group's codes span its smallest weight to its largest
 * @param granularity which weights share scale and zero
 * @param groupSize neighbours that share them, at least 1 with {@link Granularity#GROUP}; else 0
 */
public record WeightGrid(int bits, boolean symmetric, Granularity granularity, int groupSize) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public WeightGrid {
        Objects.requireNonNull(granularity, "granularity");
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException("bits must be in [2, 8], got bits=" + bits);
        }
        if ((granularity == Granularity.GROUP) != (groupSize > 0) || groupSize < 0) {
            throw new IllegalArgumentException(
                    "groupSize must be >= 1 with GROUP and 0 else, got groupSize=%d, granularity=%s"
                            .formatted(groupSize, granularity));
        }
    }

    /** A symmetric grid with one scale in all. */
    public static WeightGrid perTensor(int bits) {
        return new WeightGrid(bits, true, Granularity.TENSOR, 0);
    }

    /** A symmetric grid with a scale for each output. */
    public static WeightGrid perChannel(int bits) {
        return new WeightGrid(bits, true, Granularity.CHANNEL, 0);
    }

    /** A symmetric grid with a scale for each {@code groupSize} neighbours of an output. */
    public static WeightGrid perGroup(int bits, int groupSize) {
        return new WeightGrid(bits, true, Granularity.GROUP, groupSize);
    }

    /** The same grid with a zero of its own for each scale. */
    public WeightGrid asymmetric() {
        return new WeightGrid(bits, false, granularity, groupSize);
    }

    /** The largest code. */
    public int high() {
        return (1 << bits) - 1;
    }

    /**
     * Weights that share a scale in a matrix (Out, In).
     *
     * @throws IllegalArgumentException if the group size does not divide In
     */
    public long size(long out, long in) {
        if (granularity == Granularity.GROUP && in % groupSize != 0) {
            throw new IllegalArgumentException(
                    "groupSize must divide In, got groupSize=%d, In=%d".formatted(groupSize, in));
        }
        return switch (granularity) {
            case TENSOR -> Math.multiplyExact(out, in);
            case CHANNEL -> in;
            case GROUP -> groupSize;
        };
    }
}
