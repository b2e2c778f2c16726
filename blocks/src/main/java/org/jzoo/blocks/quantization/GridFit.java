package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.linear.Linear;

/** Packs weights whose scales, or codes, are known. */
public final class GridFit {

    private GridFit() {}

    /**
     * Rounds a map's weight to the nearest codes and packs them.
     *
     * @param scale (groups) float32
     * @param zero (groups) float32, whole numbers
     */
    public static PackedLinear pack(Linear base, WeightGrid grid, NDArray scale, NDArray zero) {
        NDArray weight = base.weight().getArray();
        long size = grid.size(base.out(), base.in());
        try (NDArray codes = QuantizationKernel.encode(weight, scale, zero, size, grid.high())) {
            return pack(base, grid, codes, scale, zero, null);
        }
    }

    /**
     * Packs codes.
     *
     * @param base whose weight they stand for
     * @param codes (Out, In) uint8
     * @param scale (groups) float32
     * @param zero (groups) float32, whole numbers
     * @param column (In) float32 factors of columns, or null
     */
    public static PackedLinear pack(
            Linear base,
            WeightGrid grid,
            NDArray codes,
            NDArray scale,
            NDArray zero,
            NDArray column) {
        try (NDManager scope = base.weight().getArray().getManager().newSubManager()) {
            List<NDArray> tables = new ArrayList<>();
            tables.add(codes(scope, codes.toByteArray(), base.out(), grid.bits()));
            tables.add(scale);
            if (!grid.symmetric()) {
                NDArray zeros = zero.toType(DataType.UINT8, true);
                zeros.attach(scope);
                tables.add(zeros);
            }
            if (column != null) {
                tables.add(column);
            }
            return PackedLinear.of(
                    base, new UniformCode(grid, column != null), tables.toArray(new NDArray[0]));
        }
    }

    /** Packed codes as an array (rows, bytes of a row) uint8. */
    public static NDArray codes(NDManager manager, byte[] codes, int rows, int bits) {
        int columns = codes.length / rows;
        byte[] packed = BitPacking.pack(codes, columns, bits);
        Shape shape = new Shape(rows, BitPacking.rowBytes(columns, bits));
        return manager.create(ByteBuffer.wrap(packed), shape, DataType.UINT8);
    }
}
