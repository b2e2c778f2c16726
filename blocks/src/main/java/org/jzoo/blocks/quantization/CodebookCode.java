package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * Weights in a table of their output's own, 2^bits numbers that may lie anywhere, with some weights
 * kept as they are.
 *
 * @param bits of a code, 2 to 8
 * @param numOutliers weights that are kept in float32, at least 0
 * @see <a href="https://arxiv.org/abs/2306.07629">Kim et al. 2024, SqueezeLLM</a>
 */
public record CodebookCode(int bits, int numOutliers) implements WeightCode {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CodebookCode {
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException("bits must be in [2, 8], got bits=" + bits);
        }
        if (numOutliers < 0) {
            throw new IllegalArgumentException(
                    "numOutliers must be >= 0, got numOutliers=" + numOutliers);
        }
    }

    @Override
    public List<WeightTable> tables(long out, long in) {
        return List.of(
                new WeightTable(
                        "codes", DataType.UINT8, new Shape(out, BitPacking.rowBytes(in, bits))),
                new WeightTable("table", DataType.FLOAT32, new Shape(out, 1L << bits)),
                new WeightTable("places", DataType.INT32, new Shape(numOutliers)),
                new WeightTable("outliers", DataType.FLOAT32, new Shape(numOutliers)));
    }

    @Override
    public NDArray weight(NDArray[] tables, long in) {
        return PackedKernel.codebookWeight(tables[0], tables[1], tables[2], tables[3], in, bits);
    }

    @Override
    public NDArray linear(NDArray x, NDArray[] tables, NDArray bias, long in, Precision precision) {
        return PackedKernel.codebookLinear(x, tables, bias, in, bits, precision);
    }
}
