package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * Neighbouring weights as one entry of a table that the whole matrix shares.
 *
 * @param length neighbours in a row that a code stands for, at least 1
 * @param bits of a code, 2 to 8; bits/length a weight
 * @see <a href="https://arxiv.org/abs/1907.05686">Stock et al. 2020, And the Bit Goes Down</a>
 */
public record ProductCode(int length, int bits) implements WeightCode {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ProductCode {
        if (length < 1 || bits < 2 || bits > 8) {
            throw new IllegalArgumentException(
                    "length must be >= 1 and bits in [2, 8], got length=%d, bits=%d"
                            .formatted(length, bits));
        }
    }

    @Override
    public List<WeightTable> tables(long out, long in) {
        if (in % length != 0) {
            throw new IllegalArgumentException(
                    "length must divide In, got length=%d, In=%d".formatted(length, in));
        }
        return List.of(
                new WeightTable(
                        "codes",
                        DataType.UINT8,
                        new Shape(out, BitPacking.rowBytes(in / length, bits))),
                new WeightTable("table", DataType.FLOAT32, new Shape(1L << bits, length)));
    }

    @Override
    public NDArray weight(NDArray[] tables, long in) {
        return PackedKernel.productWeight(tables[0], tables[1], in, bits);
    }

    @Override
    public NDArray linear(NDArray x, NDArray[] tables, NDArray bias, long in, Precision precision) {
        return PackedKernel.productLinear(x, tables[0], tables[1], bias, in, bits, precision);
    }
}
