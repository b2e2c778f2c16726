package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * Weights on a grid: {@code (code - zero) · scale}, in each column times a factor if wished.
 *
 * @param grid the grid
 * @param columnFactors whether there is a factor for each column, as activation-aware scaling needs
 */
public record UniformCode(WeightGrid grid, boolean columnFactors) implements WeightCode {

    /** Validates. */
    public UniformCode {
        Objects.requireNonNull(grid, "grid");
    }

    @Override
    public int bits() {
        return grid.bits();
    }

    @Override
    public List<WeightTable> tables(long out, long in) {
        Shape groups = new Shape(out * in / grid.size(out, in));
        List<WeightTable> tables = new ArrayList<>();
        tables.add(
                new WeightTable(
                        "codes",
                        DataType.UINT8,
                        new Shape(out, BitPacking.rowBytes(in, grid.bits()))));
        tables.add(new WeightTable("scale", DataType.FLOAT32, groups));
        if (!grid.symmetric()) {
            tables.add(new WeightTable("zero", DataType.UINT8, groups));
        }
        if (columnFactors) {
            tables.add(new WeightTable("column", DataType.FLOAT32, new Shape(in)));
        }
        return tables;
    }

    // Codes, scales, zeros, factors of columns; null for what there is not.
    private NDArray[] complete(NDArray[] tables) {
        int next = 2;
        NDArray zero = grid.symmetric() ? null : tables[next++];
        NDArray column = columnFactors ? tables[next] : null;
        return new NDArray[] {tables[0], tables[1], zero, column};
    }

    private long size(NDArray codes, long in) {
        return grid.size(codes.getShape().get(0), in);
    }

    @Override
    public NDArray weight(NDArray[] tables, long in) {
        NDArray[] t = complete(tables);
        return PackedKernel.uniformWeight(t[0], t[1], t[2], t[3], in, bits(), size(t[0], in));
    }

    @Override
    public NDArray linear(NDArray x, NDArray[] tables, NDArray bias, long in, Precision precision) {
        return PackedKernel.uniformLinear(
                x, complete(tables), bias, in, bits(), size(tables[0], in), precision);
    }
}
