package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Option;

/** How packed weights stand for numbers. */
public interface WeightCode extends Option {

    /** Bits of a code. */
    int bits();

    /**
     * The arrays that hold a weight (Out, In), codes first.
     *
     * @throws IllegalArgumentException if the code does not fit the sizes
     */
    List<WeightTable> tables(long out, long in);

    /** The weight, (Out, In) float32. */
    NDArray weight(NDArray[] tables, long in);

    /** {@code x · weightᵀ + bias}, (..., Out) in the precision; the bias may be null. */
    NDArray linear(NDArray x, NDArray[] tables, NDArray bias, long in, Precision precision);
}
