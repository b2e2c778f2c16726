package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Objects;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.GridFit;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.WeightGrid;

/**
 * Columns are rounded one after the other, and those that follow move to make up for each error, as
 * the inputs' second moments say.
 *
 * <p>Groups and their scales are those of the weight as it was trained, whatever the order of
 * columns; the paper's code sets a group's scale when it gets there.
 *
 * @param grid the grid
 * @param damping share of the mean second moment that is added to each, in (0, 1]
 * @param ordered whether the columns with the largest inputs come first
 * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al. 2023, GPTQ</a>
 */
public record Gptq(WeightGrid grid, double damping, boolean ordered) implements WeightMethod {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the damping is out of its range
     */
    public Gptq {
        Objects.requireNonNull(grid, "grid");
        if (!(damping > 0 && damping <= 1)) {
            throw new IllegalArgumentException("damping must be in (0, 1], got damping=" + damping);
        }
    }

    /** The paper's damping, 0.01, and columns with large inputs first. */
    public static Gptq of(WeightGrid grid) {
        return new Gptq(grid, 0.01, true);
    }

    @Override
    public boolean readsInputs() {
        return true;
    }

    @Override
    public boolean readsGradients() {
        return false;
    }

    @Override
    public PackedLinear pack(Linear base, InputStatistics statistics) {
        NDArray weight = base.weight().getArray();
        try (NDList ranges = RoundToNearest.ranges(base, weight, grid);
                NDArray codes =
                        PostTrainingKernel.gptq(
                                weight,
                                ranges.get(0),
                                ranges.get(1),
                                statistics.second(),
                                grid.size(base.out(), base.in()),
                                grid.high(),
                                damping,
                                ordered)) {
            return GridFit.pack(base, grid, codes, ranges.get(0), ranges.get(1), null);
        }
    }
}
