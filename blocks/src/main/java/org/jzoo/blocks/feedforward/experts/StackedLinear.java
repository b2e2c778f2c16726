package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * One affine map for each expert, in one parameter: {@code x[e] · weight[e]ᵀ + bias[e]}.
 *
 * <p>Shapes: input {@code (E, C, In)}, output {@code (E, C, Out)} in the pass's precision, weight
 * {@code (E, Out, In)}, bias {@code (E, Out)}. Weights start at N(0, 0.02), biases at zero.
 */
public final class StackedLinear extends Part {

    private static final float INITIAL_DEVIATION = 0.02f;

    private final int out;
    private final Parameter weight;
    private final Parameter bias;

    StackedLinear(int numExperts, int in, int out, boolean withBias) {
        this.out = out;
        weight = declare("weight", new NormalInitializer(INITIAL_DEVIATION), numExperts, out, in);
        bias = withBias ? declare("bias", Initializer.ZEROS, numExperts, out) : null;
    }

    /** The weights, (E, Out, In). */
    public Parameter weight() {
        return weight;
    }

    /** The biases, (E, Out); null for none. */
    public Parameter bias() {
        return bias;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (E, C, In)
        return list(
                ExpertKernel.linear(
                        x, pass.value(weight, x), pass.value(bias, x), pass.precision()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {new Shape(x.get(0), x.get(1), out)};
    }
}
