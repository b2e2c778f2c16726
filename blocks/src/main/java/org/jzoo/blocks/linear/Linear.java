package org.jzoo.blocks.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * An affine map {@code x · weightᵀ + bias}.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)} in the pass's precision, weight
 * {@code (Out, In)}, bias {@code (Out)}. Weights start at N(0, 0.02), biases at zero.
 */
public final class Linear extends Part {

    private static final float INITIAL_DEVIATION = 0.02f;

    private final int in;
    private final int out;
    private final Parameter weight;
    private final Parameter bias;

    /**
     * Creates a map.
     *
     * @param in features of the input, at least 1
     * @param out features of the output, at least 1
     * @param withBias whether a bias is added
     * @throws IllegalArgumentException if a size is below 1
     */
    public Linear(int in, int out, boolean withBias) {
        this(in, out, withBias ? Initializer.ZEROS : null);
    }

    /**
     * Creates a map whose bias starts elsewhere.
     *
     * @param in features of the input, at least 1
     * @param out features of the output, at least 1
     * @param initialBias where the bias starts; null for no bias
     * @throws IllegalArgumentException if a size is below 1
     */
    public Linear(int in, int out, Initializer initialBias) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "in and out must be >= 1, got in=%d, out=%d".formatted(in, out));
        }
        this.in = in;
        this.out = out;
        weight = declare("weight", new NormalInitializer(INITIAL_DEVIATION), out, in);
        bias = initialBias == null ? null : declare("bias", initialBias, out);
    }

    /** Features of the input. */
    public int in() {
        return in;
    }

    /** Features of the output. */
    public int out() {
        return out;
    }

    /** The weight, (Out, In). */
    public Parameter weight() {
        return weight;
    }

    /** The bias, (Out); null for none. */
    public Parameter bias() {
        return bias;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        return list(
                LinearKernel.linear(
                        x, pass.value(weight, x), pass.value(bias, x), pass.precision()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {x.slice(0, x.dimension() - 1).add(out)};
    }
}
