package org.jzoo.blocks.quantization;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * One of the arrays that packed weights consist of.
 *
 * @param name unique among them
 * @param type FLOAT32, UINT8 or INT32
 * @param shape of any rank
 */
public record WeightTable(String name, DataType type, Shape shape) {

    /** Validates. */
    public WeightTable {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(shape, "shape");
    }
}
