package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;

/**
 * Zeros of an integer type, whatever type a model is initialized in: the mark of a table of codes,
 * which files hold in that type.
 *
 * @param type UINT8 or INT32
 */
public record IntegerInitializer(DataType type) implements Initializer {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the type is another one
     */
    public IntegerInitializer {
        if (type != DataType.UINT8 && type != DataType.INT32) {
            throw new IllegalArgumentException("type must be UINT8 or INT32, got type=" + type);
        }
    }

    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType ignored) {
        return manager.zeros(shape, type);
    }
}
