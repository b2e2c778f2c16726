package org.jzoo.zoo.weights;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * What is known of a tensor before its elements are read.
 *
 * @param name the tensor's name in its source
 * @param type its element type
 * @param shape its shape; {@code ()} for a scalar
 * @param begin position of its first byte in the source's data, 0 if the source has none
 */
public record TensorEntry(String name, TensorType type, Shape shape, long begin) {

    /**
     * Checks that the tensor's size can be told.
     *
     * @throws IllegalArgumentException if a dimension or {@code begin} is negative, or the size
     *     exceeds 2⁶³ − 1 bytes
     */
    public TensorEntry {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        if (begin < 0) {
            throw new IllegalArgumentException("begin must be >= 0, got begin=" + begin);
        }
        long size = type.bytes();
        try {
            for (long dimension : shape.getShape()) {
                if (dimension < 0) {
                    throw new IllegalArgumentException(
                            "shape must have no negative dimension, got shape=" + shape);
                }
                size = Math.multiplyExact(size, dimension);
            }
            Math.addExact(begin, size);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape must stay below 2^63 bytes, got shape=" + shape + ", type=" + type, e);
        }
    }

    /** Number of elements. */
    public long size() {
        return byteSize() / type.bytes();
    }

    /** Number of bytes. */
    public long byteSize() {
        long size = type.bytes();
        for (long dimension : shape.getShape()) {
            size *= dimension;
        }
        return size;
    }

    /** Position behind the last byte in the source's data. */
    public long end() {
        return begin + byteSize();
    }

    /** The same tensor under another name. */
    public TensorEntry named(String other) {
        return new TensorEntry(other, type, shape, begin);
    }
}
