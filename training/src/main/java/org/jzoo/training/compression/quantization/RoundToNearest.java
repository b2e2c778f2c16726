package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Objects;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.GridFit;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.WeightGrid;

/**
 * Each weight becomes the nearest number of its grid.
 *
 * @param grid the grid
 */
public record RoundToNearest(WeightGrid grid) implements WeightMethod {

    /** Validates. */
    public RoundToNearest {
        Objects.requireNonNull(grid, "grid");
    }

    @Override
    public boolean readsInputs() {
        return false;
    }

    @Override
    public boolean readsGradients() {
        return false;
    }

    @Override
    public PackedLinear pack(Linear base, InputStatistics statistics) {
        try (NDList ranges = ranges(base, base.weight().getArray(), grid)) {
            return GridFit.pack(base, grid, ranges.get(0), ranges.get(1));
        }
    }

    /** The scales and zeros that hold a weight of the map's shape. */
    static NDList ranges(Linear base, NDArray weight, WeightGrid grid) {
        return new NDList(
                QuantizationKernel.ranges(
                        weight, grid.size(base.out(), base.in()), grid.high(), grid.symmetric()));
    }
}
