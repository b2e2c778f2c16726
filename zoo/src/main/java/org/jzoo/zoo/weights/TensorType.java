package org.jzoo.zoo.weights;

import ai.djl.ndarray.types.DataType;

/**
 * The element types of a safetensors file, from the smallest alignment to the largest: the order in
 * which a written file holds them is the reverse of this one.
 */
public enum TensorType {
    /** One byte, 0 or 1. */
    BOOL(1, DataType.BOOLEAN),
    /** Unsigned 8-bit integer. */
    U8(1, DataType.UINT8),
    /** Signed 8-bit integer. */
    I8(1, DataType.INT8),
    /** Signed 16-bit integer; the engine has no such type, so arrays of it are INT32. */
    I16(2, DataType.INT32),
    /** IEEE 754 binary16; arrays of it are FLOAT32. */
    F16(2, DataType.FLOAT32),
    /** The upper half of a binary32; arrays of it are FLOAT32. */
    BF16(2, DataType.FLOAT32),
    /** Signed 32-bit integer. */
    I32(4, DataType.INT32),
    /** IEEE 754 binary32. */
    F32(4, DataType.FLOAT32),
    /** IEEE 754 binary64. */
    F64(8, DataType.FLOAT64),
    /** Signed 64-bit integer. */
    I64(8, DataType.INT64);

    private final int bytes;
    private final DataType arrayType;

    TensorType(int bytes, DataType arrayType) {
        this.bytes = bytes;
        this.arrayType = arrayType;
    }

    /** Size of one element in bytes: 1, 2, 4 or 8. */
    public int bytes() {
        return bytes;
    }

    /** The type of an array made from this one, wide enough to hold every value exactly. */
    public DataType arrayType() {
        return arrayType;
    }

    /** Whether this is F16, BF16 or F32: the types a FLOAT32 parameter can be loaded from. */
    public boolean fitsFloat() {
        return arrayType == DataType.FLOAT32;
    }

    /**
     * The type that stores an array of {@code type} without a change.
     *
     * @throws IllegalArgumentException if safetensors files hold no such type or the engine cannot
     *     be trusted with it
     */
    public static TensorType of(DataType type) {
        return switch (type) {
            case FLOAT32 -> F32;
            case FLOAT64 -> F64;
            case FLOAT16 -> F16;
            case INT64 -> I64;
            case INT32 -> I32;
            case INT8 -> I8;
            case UINT8 -> U8;
            case BOOLEAN -> BOOL;
            default ->
                    throw new IllegalArgumentException(
                            "type must be a float, an integer or BOOLEAN, got type=" + type);
        };
    }
}
