package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Objects;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.quantization.GridFit;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.WeightGrid;

/**
 * Columns with large inputs are multiplied by {@code s = magnitude^power} before they are rounded
 * and divided by it afterwards, so that they lose less; the power with the least error of the
 * outputs is chosen.
 *
 * <p>The division stays in the packed map, as a factor for each column: the paper folds it into
 * what comes before, which is not exact when others read that too, as they do behind a norm.
 *
 * @param grid the grid
 * @param steps powers that are tried between 0, which is rounding to nearest, and 1; at least 1
 * @see <a href="https://arxiv.org/abs/2306.00978">Lin et al. 2024, AWQ</a>, section 3.2
 */
public record Awq(WeightGrid grid, int steps) implements WeightMethod {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no step
     */
    public Awq {
        Objects.requireNonNull(grid, "grid");
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be >= 1, got steps=" + steps);
        }
    }

    /** The paper's 20 powers. */
    public static Awq of(WeightGrid grid) {
        return new Awq(grid, 20);
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
        double best = Double.POSITIVE_INFINITY;
        double bestPower = 0;
        for (int i = 0; i <= steps; i++) {
            double power = (double) i / steps;
            double error = attempt(base, statistics, power, null);
            if (error < best) {
                best = error;
                bestPower = power;
            }
        }
        PackedLinear[] packed = new PackedLinear[1];
        attempt(base, statistics, bestPower, packed);
        return packed[0];
    }

    // The error of the outputs with that power; and the packed map, if there is a place for it.
    private double attempt(
            Linear base, InputStatistics statistics, double power, PackedLinear[] result) {
        NDArray weight = base.weight().getArray(); // (Out, In)
        long size = grid.size(base.out(), base.in());
        try (NDManager scope = weight.getManager().newSubManager()) {
            NDArray factor = PostTrainingKernel.columnScale(statistics.magnitude(), power); // (In)
            factor.attach(scope);
            NDArray large = weight.mul(factor);
            large.attach(scope);
            NDList ranges = RoundToNearest.ranges(base, large, grid);
            ranges.attach(scope);
            NDArray codes =
                    QuantizationKernel.encode(
                            large, ranges.get(0), ranges.get(1), size, grid.high());
            codes.attach(scope);
            NDArray column = factor.onesLike().div(factor);
            if (result != null) {
                result[0] = GridFit.pack(base, grid, codes, ranges.get(0), ranges.get(1), column);
            }
            NDArray decoded = QuantizationKernel.decode(codes, ranges.get(0), ranges.get(1), size);
            return PostTrainingKernel.outputError(weight, decoded.mul(column), statistics.second());
        }
    }
}
