package org.jzoo.blocks.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.linear.LinearMap;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A frozen {@link LinearMap}, plain or packed into few bits, plus a trainable low-rank update:
 * {@code base(x) + scale · dropout(x) Aᵀ Bᵀ}.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)}, A {@code (R, In)}, B {@code (Out,
 * R)}. A starts uniform with the base's fan-in, B at zero, so that a fresh adapter leaves the
 * base's output unchanged.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021, LoRA</a>, section 4.1
 * @see <a href="https://arxiv.org/abs/2305.14314">Dettmers et al. 2023, QLoRA</a>, for packed bases
 */
public final class LoraLinear extends Part {

    private final LoraConfig config;
    private final LinearMap base;
    private final Parameter loraA;
    private final Parameter loraB;

    /**
     * Wraps {@code base}, initialized or not, and freezes it.
     *
     * @throws IllegalArgumentException if the rank exceeds the smaller side of the base's weight
     */
    public LoraLinear(LinearMap base, LoraConfig config) {
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
    public LinearMap base() {
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

    /**
     * The plain map that computes the same: the base with the update added to its weight in place,
     * or a new one in float32 if the base is packed.
     */
    public Linear merge() {
        return base.merged(loraA.getArray(), loraB.getArray(), config.scale());
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        return list(
                base.plusLowRank(
                        x,
                        pass,
                        pass.value(loraA, x),
                        pass.value(loraB, x),
                        config.scale(),
                        pass.training() ? config.dropout() : 0)); // (..., Out)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return base.getOutputShapes(inputShapes);
    }
}
