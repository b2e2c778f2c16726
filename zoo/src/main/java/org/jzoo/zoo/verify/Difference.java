package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Locale;

/**
 * How far a tensor is from the one expected, at its worst element.
 *
 * @param tensor the tensor's name
 * @param largest the largest |expected - got|; infinite if a number is not one
 * @param scale what it counts against, positive
 * @param place the index of that element, such as "[1, 0, 7]"
 * @param expected the value expected there
 * @param got the value there
 * @param compared elements that were compared
 */
public record Difference(
        String tensor,
        double largest,
        double scale,
        String place,
        double expected,
        double got,
        long compared) {

    private static final double ROUNDING = 1e-6;
    private static final double ROUNDING_SCALE = 1e-2;

    /**
     * Compares.
     *
     * @param tensor the tensor's name
     * @param expected any shape
     * @param got the same shape
     * @param keep (B, T) booleans for tensors (B, T, …), false leaves a position out; null keeps
     *     all
     * @param leastScale lower bound of the scale, which else is the largest |expected|
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Difference of(
            String tensor, NDArray expected, NDArray got, NDArray keep, double leastScale) {
        Shape shape = expected.getShape();
        if (!sameButForOnes(shape, got.getShape())) {
            throw new IllegalArgumentException(
                    "%s must have shape %s, got %s".formatted(tensor, shape, got.getShape()));
        }
        boolean[] kept = isMasked(shape, keep) ? keep.toBooleanArray() : null;
        return of(tensor, values(expected), values(got), kept, shape, leastScale);
    }

    /**
     * Compares a gradient, which counts against its own largest value. Only one that is rounding
     * alone, below a millionth of the largest of all, as a key's bias before a softmax has it,
     * counts against a hundredth of that: it must be rounding here too.
     *
     * @param tensor the tensor's name
     * @param expected any shape
     * @param got the same shape
     * @param largestOfAll the largest value in all of the model's expected gradients
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Difference ofGradient(
            String tensor, NDArray expected, NDArray got, double largestOfAll) {
        boolean rounding = expected.abs().max().getFloat() < ROUNDING * largestOfAll;
        double least = rounding ? ROUNDING_SCALE * largestOfAll : 0;
        return of(tensor, expected, got, null, Math.max(least, Double.MIN_NORMAL));
    }

    private static boolean sameButForOnes(Shape a, Shape b) {
        return a.equals(b) || (a.size() == 1 && b.size() == 1);
    }

    private static boolean isMasked(Shape shape, NDArray keep) {
        return keep != null
                && shape.dimension() >= 2
                && shape.get(0) == keep.getShape().get(0)
                && shape.get(1) == keep.getShape().get(1);
    }

    private static Difference of(
            String tensor,
            double[] expected,
            double[] got,
            boolean[] kept,
            Shape shape,
            double leastScale) {
        int run = kept == null ? 1 : expected.length / kept.length;
        double scale = leastScale;
        double largest = 0;
        int where = 0;
        long compared = 0;
        for (int i = 0; i < expected.length; i++) {
            if (kept != null && !kept[i / run]) {
                continue;
            }
            compared++;
            scale = Math.max(scale, Math.abs(expected[i]));
            double difference = Math.abs(expected[i] - got[i]);
            if (Double.isNaN(difference)) {
                difference = Double.POSITIVE_INFINITY;
            }
            if (difference > largest) {
                largest = difference;
                where = i;
            }
        }
        String place = Arrays.toString(index(where, shape));
        double at = expected.length == 0 ? 0 : expected[where];
        double gotAt = got.length == 0 ? 0 : got[where];
        return new Difference(tensor, largest, scale, place, at, gotAt, compared);
    }

    private static long[] index(long flat, Shape shape) {
        long[] index = new long[shape.dimension()];
        long rest = flat;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.get(i);
            rest /= shape.get(i);
        }
        return index;
    }

    private static double[] values(NDArray array) {
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }

    /** The largest difference as a share of the scale. */
    public double relative() {
        return largest / scale;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2e of %.3g at %s%s (expected %.7g, got %.7g)",
                largest,
                scale,
                tensor,
                place,
                expected,
                got);
    }
}
