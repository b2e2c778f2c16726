package org.jzoo.blocks.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Compares arrays element by element; a failure tells the largest difference and its place. */
public final class Close {

    private Close() {}

    /** Fails unless every |expected - actual| is at most {@code tolerance}. */
    public static void assertClose(NDArray expected, NDArray actual, double tolerance) {
        if (!expected.getShape().equals(actual.getShape())) {
            throw new AssertionError(
                    "expected shape %s, got %s".formatted(expected.getShape(), actual.getShape()));
        }
        assertClose(values(expected), values(actual), tolerance, actual.getShape());
    }

    /** Fails unless {@code actual} holds these values, in row-major order. */
    public static void assertClose(double[] expected, NDArray actual, double tolerance) {
        assertClose(expected, values(actual), tolerance, actual.getShape());
    }

    /** Fails unless all differences are at most {@code tolerance} times the largest expected. */
    public static void assertRelativelyClose(NDArray expected, NDArray actual, double tolerance) {
        double largest = Arrays.stream(values(expected)).map(Math::abs).max().orElse(0);
        assertClose(expected, actual, tolerance * Math.max(largest, 1e-12));
    }

    /** Fails unless the arrays have the same bits. */
    public static void assertSame(NDArray expected, NDArray actual) {
        assertClose(expected, actual, 0);
    }

    private static void assertClose(
            double[] expected, double[] actual, double tolerance, Shape shape) {
        if (expected.length != actual.length) {
            throw new AssertionError(
                    "expected %d elements, got %d".formatted(expected.length, actual.length));
        }
        double largest = -1;
        int where = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - actual[i]);
            if (Double.isNaN(difference)) {
                difference = Double.POSITIVE_INFINITY;
            }
            if (Double.compare(expected[i], actual[i]) != 0 && difference > largest) {
                largest = difference;
                where = i;
            }
        }
        if (largest > tolerance) {
            throw new AssertionError(
                    "largest difference %.3g (allowed %.3g) at %s: expected %s, got %s"
                            .formatted(
                                    largest,
                                    tolerance,
                                    index(where, shape),
                                    expected[where],
                                    actual[where]));
        }
    }

    private static String index(int flat, Shape shape) {
        long[] index = new long[shape.dimension()];
        long rest = flat;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.get(i);
            rest /= shape.get(i);
        }
        return Arrays.toString(index);
    }

    /** The elements in row-major order. */
    public static double[] values(NDArray array) {
        try (NDArray wide =
                array.getDataType() == DataType.FLOAT64
                        ? array.duplicate()
                        : array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }
}
