package org.jzoo.examples.quantize;

import org.jzoo.blocks.quantization.Granularity;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.compression.quantization.Awq;
import org.jzoo.training.compression.quantization.Gptq;
import org.jzoo.training.compression.quantization.ProductQuantization;
import org.jzoo.training.compression.quantization.RoundToNearest;
import org.jzoo.training.compression.quantization.SqueezeLlm;
import org.jzoo.training.compression.quantization.WeightMethod;

/** The methods by the names that users type. */
public enum QuantizeMethod {
    /** Rounding to nearest. */
    RTN,
    /** Rounding column by column, errors made up for. */
    GPTQ,
    /** Rounding with columns scaled by their inputs. */
    AWQ,
    /** A table for each output, by the loss's gradients, and sparse outliers. */
    SQUEEZE,
    /** Runs of neighbours from one table. */
    PQ;

    /**
     * The method with its paper's settings.
     *
     * @param bits of a weight
     * @param group weights that share a scale and a zero; 0 for those of a row; tables have none
     * @param seed of product quantization's start
     * @throws IllegalArgumentException if a number is out of its range
     */
    public WeightMethod of(int bits, int group, long seed) {
        WeightGrid grid =
                new WeightGrid(
                        bits, false, group > 0 ? Granularity.GROUP : Granularity.CHANNEL, group);
        return switch (this) {
            case RTN -> new RoundToNearest(grid);
            case GPTQ -> Gptq.of(grid);
            case AWQ -> Awq.of(grid);
            case SQUEEZE -> SqueezeLlm.of(bits);
            case PQ -> ProductQuantization.of(bits, seed);
        };
    }
}
