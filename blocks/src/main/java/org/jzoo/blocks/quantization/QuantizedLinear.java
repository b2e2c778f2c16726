package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import java.util.Objects;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A {@link Linear} that computes with its weight rounded to a {@link WeightGrid} while the weight
 * itself learns in full: {@code x · round(weight)ᵀ + bias}. Gradients pass through the rounding as
 * if it were not there, except where a weight lies outside its grid.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)}; learned scales {@code (groups)}.
 *
 * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al. 2020, Learned Step Size
 *     Quantization</a>
 */
public final class QuantizedLinear extends Part {

    // The mean magnitude of a Linear's fresh weights, N(0, 0.02).
    private static final double FRESH_MAGNITUDE = 0.02 * Math.sqrt(2 / Math.PI);

    private final Linear base;
    private final WeightGrid grid;
    private final long size;
    private final Parameter scale;

    /**
     * Wraps {@code base}, initialized or not.
     *
     * @throws IllegalArgumentException if the group size does not divide In, or scales learn and
     *     the grid is not symmetric
     */
    public QuantizedLinear(Linear base, WeightGrid grid, ScaleRule rule) {
        this.grid = Objects.requireNonNull(grid, "grid");
        size = grid.size(base.out(), base.in());
        if (rule == ScaleRule.LEARNED && !grid.symmetric()) {
            throw new IllegalArgumentException(
                    "grid must be symmetric when scales learn, got grid=" + grid);
        }
        this.base = child("base", base);
        scale =
                rule == ScaleRule.LEARNED
                        ? declare(
                                "scale",
                                new ConstantInitializer((float) startScale(FRESH_MAGNITUDE)),
                                (long) base.out() * base.in() / size)
                        : null;
    }

    // The paper's start, section 2.1.
    private double startScale(double meanMagnitude) {
        return 2 * meanMagnitude / Math.sqrt(largest());
    }

    private int largest() {
        return grid.high() / 2;
    }

    /** The map whose weight learns. */
    public Linear base() {
        return base;
    }

    /** What the weight is rounded to. */
    public WeightGrid grid() {
        return grid;
    }

    /** The learned scales, (groups); null if scales come from the weight's range. */
    public Parameter scale() {
        return scale;
    }

    /** Gives learned scales their start values beside a base that has weights already. */
    public void initializeScale(NDManager manager) {
        if (scale == null) {
            return;
        }
        scale.initialize(manager, DataType.FLOAT32);
        float[] weights = base.weight().getArray().toFloatArray();
        float[] starts = new float[(int) (weights.length / size)];
        for (int g = 0; g < starts.length; g++) {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += Math.abs(weights[(int) (g * size + i)]);
            }
            starts[g] = (float) Math.max(startScale(sum / size), 1e-8);
        }
        try (GradientMode off = GradientMode.off()) {
            scale.getArray().set(starts);
        }
    }

    /** The scales and zeros that the weight is rounded with now, (groups) each. */
    public NDArray[] ranges() {
        NDArray weight = base.weight().getArray();
        NDArray[] ranges = QuantizationKernel.ranges(weight, size, grid.high(), grid.symmetric());
        if (scale == null) {
            return ranges;
        }
        ranges[0].close();
        return new NDArray[] {QuantizationKernel.positive(scale.getArray()), ranges[1]};
    }

    /** Rounds the base's weight, in place, and returns the base. */
    public Linear merge() {
        NDArray weight = base.weight().getArray();
        try (GradientMode off = GradientMode.off();
                NDManager scope = weight.getManager().newSubManager()) {
            NDList ranges = new NDList(ranges());
            ranges.attach(scope);
            NDArray rounded =
                    QuantizationKernel.fake(
                            weight, ranges.get(0), ranges.get(1), size, grid.high());
            rounded.attach(scope);
            OptimizerKernel.copy(new NDArray[] {rounded}, new NDArray[] {weight});
        }
        return base;
    }

    /** The same map for use, with the rounded weight packed; the base stays as it is. */
    public PackedLinear pack() {
        NDArray weight = base.weight().getArray();
        try (GradientMode off = GradientMode.off();
                NDManager scope = weight.getManager().newSubManager()) {
            NDList ranges = new NDList(ranges());
            ranges.attach(scope);
            return GridFit.pack(base, grid, ranges.get(0), ranges.get(1));
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        NDArray weight = pass.value(base.weight(), x); // (Out, In)
        NDArray bias = pass.value(base.bias(), x); // (Out)
        if (scale == null) {
            return list(
                    QuantizationKernel.fakeLinear(
                            x,
                            weight,
                            bias,
                            size,
                            grid.high(),
                            grid.symmetric(),
                            pass.precision()));
        }
        return list(
                QuantizationKernel.learnedLinear(
                        x,
                        weight,
                        bias,
                        pass.value(scale, x),
                        size,
                        grid.high(),
                        1 / Math.sqrt((double) size * largest()),
                        pass.precision())); // (..., Out)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return base.getOutputShapes(inputShapes);
    }
}
