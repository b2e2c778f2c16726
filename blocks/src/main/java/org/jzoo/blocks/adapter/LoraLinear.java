package org.jzoo.blocks.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A frozen {@link Linear} plus a trainable low-rank update: {@code base(x) + scale · dropout(x) Aᵀ
 * Bᵀ}.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)}, A {@code (R, In)}, B {@code (Out,
 * R)}. A starts uniform with the base's fan-in, B at zero, so that a fresh adapter leaves the
 * base's output unchanged.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021, LoRA</a>, section 4.1
 */
public final class LoraLinear extends Part {

    private final LoraConfig config;
    private final Linear base;
    private final Parameter loraA;
    private final Parameter loraB;

    /**
     * Wraps {@code base}, initialized or not, and freezes it.
     *
     * @throws IllegalArgumentException if the rank exceeds the smaller side of the base's weight
     */
    public LoraLinear(Linear base, LoraConfig config) {
        if (config.rank() > Math.min(base.in(), base.out())) {
            throw new IllegalArgumentException(
                    "rank must be <= min(In, Out), got rank=%d, In=%d, Out=%d"
                            .formatted(config.rank(), base.in(), base.out()));
        }
        this.config = config;
        this.base = child("base", base);
        base.freezeParameters(true);
        // Uniform in ±√(3/In): variance 1/In.
        Initializer uniform =
                new XavierInitializer(
                        XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.IN, 3);
        loraA = declare("loraA", uniform, config.rank(), base.in());
        loraB = declare("loraB", Initializer.ZEROS, base.out(), config.rank());
    }

    /** The frozen map. */
    public Linear base() {
        return base;
    }

    /** The adapter's numbers. */
    public LoraConfig config() {
        return config;
    }

    /** A, (R, In). */
    public Parameter loraA() {
        return loraA;
    }

    /** B, (Out, R). */
    public Parameter loraB() {
        return loraB;
    }

    /** Gives the adapter its start values beside a base that has weights already. */
    public void initializeAdapter(NDManager manager) {
        loraA.initialize(manager, DataType.FLOAT32);
        loraB.initialize(manager, DataType.FLOAT32);
    }

    /** Adds the update to the base's weight, in place, and returns the base. */
    public Linear merge() {
        NDArray weight = base.weight().getArray();
        try (GradientMode off = GradientMode.off();
                NDManager scope = weight.getManager().newSubManager()) {
            NDArray merged =
                    LinearKernel.mergeLowRank(
                            weight, loraA.getArray(), loraB.getArray(), config.scale());
            merged.attach(scope);
            OptimizerKernel.copy(new NDArray[] {merged}, new NDArray[] {weight});
        }
        return base;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        return list(
                LinearKernel.lowRank(
                        x,
                        pass.value(base.weight(), x),
                        pass.value(base.bias(), x),
                        pass.value(loraA, x),
                        pass.value(loraB, x),
                        config.scale(),
                        pass.training() ? config.dropout() : 0,
                        pass.precision())); // (..., Out)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return base.getOutputShapes(inputShapes);
    }
}
