package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Products with packed weights, (Out, In), on any device. Gradients flow to the input only.
 *
 * <p>Codes of a row lie one after the other in its bytes, lowest bits first, (Out, ⌈In·bits/8⌉)
 * uint8. The products' results are (..., Out) in the precision, on the manager of {@code x}.
 */
public final class PackedKernel {

    private static final Script SCRIPT =
            Script.load(List.of("packing.py", "quantize.py"), Map.of());

    private PackedKernel() {}

    /** Computes the codes (Out, columns) uint8 of packed ones; {@code bits} in [2, 8]. */
    public static NDArray unpack(NDArray packed, long columns, int bits) {
        return SCRIPT.call("unpack", packed, columns, bits);
    }

    /**
     * Computes {@code (code - zero) · scale · column}, (Out, In) float32.
     *
     * @param packed codes
     * @param scale (groups) float32
     * @param zero (groups) uint8; null for 2^(bits-1)
     * @param column (In) float32 factors of columns; null for none
     * @param in columns of the weight
     * @param bits of a code
     * @param size weights of a group
     */
    public static NDArray uniformWeight(
            NDArray packed,
            NDArray scale,
            NDArray zero,
            NDArray column,
            long in,
            int bits,
            long size) {
        return SCRIPT.call("uniform_weight", packed, scale, zero, column, in, bits, size);
    }

    /**
     * Computes the rows of {@link #uniformWeight} at ids, (B, T, columns) float32, on the manager
     * of {@code ids}.
     *
     * @param ids (B, T) int64 or int32
     * @param packed codes (V, bytes of a row)
     * @param scale (groups) float32, each row's after those of the rows before
     * @param zero (groups) uint8; null for 2^(bits-1)
     * @param columns of the table
     * @param bits of a code
     */
    public static NDArray rows(
            NDArray ids, NDArray packed, NDArray scale, NDArray zero, long columns, int bits) {
        return SCRIPT.call("uniform_rows", ids, packed, scale, zero, columns, bits);
    }

    /** Computes {@code x · uniformWeight(…)ᵀ + bias}; the bias (Out) may be null. */
    public static NDArray uniformLinear(
            NDArray x,
            NDArray[] packedScaleZeroColumn,
            NDArray bias,
            long in,
            int bits,
            long size,
            Precision precision) {
        NDArray[] t = packedScaleZeroColumn;
        return SCRIPT.call(
                "uniform_linear",
                x,
                t[0],
                t[1],
                t[2],
                t[3],
                bias,
                in,
                bits,
                size,
                precision.scalarType());
    }

    /**
     * Looks weights up in their row's table, and puts outliers in, (Out, In) float32.
     *
     * @param packed codes
     * @param table (Out, 2^bits) float32
     * @param places (N) of the outliers in the flattened weight
     * @param outliers (N) float32
     * @param in columns of the weight
     * @param bits of a code
     */
    public static NDArray codebookWeight(
            NDArray packed, NDArray table, NDArray places, NDArray outliers, long in, int bits) {
        return SCRIPT.call("codebook_weight", packed, table, places, outliers, in, bits);
    }

    /** Computes {@code x · codebookWeight(…)ᵀ + bias}; the bias (Out) may be null. */
    public static NDArray codebookLinear(
            NDArray x,
            NDArray[] packedTablePlacesOutliers,
            NDArray bias,
            long in,
            int bits,
            Precision precision) {
        NDArray[] t = packedTablePlacesOutliers;
        return SCRIPT.call(
                "codebook_linear",
                x,
                t[0],
                t[1],
                t[2],
                t[3],
                bias,
                in,
                bits,
                precision.scalarType());
    }

    /**
     * Looks runs of neighbours in a row up in one table, (Out, In) float32.
     *
     * @param packed codes of the runs, In/length a row
     * @param table (2^bits, length) float32
     * @param in columns of the weight
     * @param bits of a code
     */
    public static NDArray productWeight(NDArray packed, NDArray table, long in, int bits) {
        return SCRIPT.call("product_weight", packed, table, in, bits);
    }

    /** Computes {@code x · productWeight(…)ᵀ + bias}; the bias (Out) may be null. */
    public static NDArray productLinear(
            NDArray x,
            NDArray packed,
            NDArray table,
            NDArray bias,
            long in,
            int bits,
            Precision precision) {
        return SCRIPT.call(
                "product_linear", x, packed, table, bias, in, bits, precision.scalarType());
    }
}
