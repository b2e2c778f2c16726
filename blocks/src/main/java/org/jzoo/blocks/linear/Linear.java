package org.jzoo.blocks.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.part.Pass;

/**
 * An affine map {@code x · weightᵀ + bias}.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)} in the pass's precision, weight
 * {@code (Out, In)}, bias {@code (Out)}. Weights start at N(0, 0.02), biases at zero.
 */
public final class Linear extends LinearMap {

    private static final float INITIAL_DEVIATION = 0.02f;

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
        super(in, out);
        weight = declare("weight", new NormalInitializer(INITIAL_DEVIATION), out, in);
        bias = initialBias == null ? null : declare("bias", initialBias, out);
    }

    /**
     * Creates a map with given weights.
     *
     * @param weight (Out, In) float32, which the map takes over
     * @param bias (Out) float32, likewise; null for none
     */
    public static Linear of(NDArray weight, NDArray bias) {
        Shape shape = weight.getShape();
        Linear map = new Linear((int) shape.get(1), (int) shape.get(0), bias != null);
        take(map.weight, weight);
        if (bias != null) {
            take(map.bias, bias);
        }
        return map;
    }

    private static void take(Parameter parameter, NDArray array) {
        // An array is only accepted by a parameter that has no shape.
        parameter.setShape(null);
        parameter.setArray(array);
    }

    /** The weight, (Out, In). */
    public Parameter weight() {
        return weight;
    }

    @Override
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
    public NDArray plusLowRank(
            NDArray x, Pass pass, NDArray a, NDArray b, double scale, double dropout) {
        return LinearKernel.lowRank(
                x,
                pass.value(weight, x),
                pass.value(bias, x),
                a,
                b,
                scale,
                dropout,
                pass.precision());
    }

    @Override
    public Linear merged(NDArray a, NDArray b, double scale) {
        NDArray own = weight.getArray();
        try (GradientMode off = GradientMode.off();
                NDManager scope = own.getManager().newSubManager()) {
            NDArray sum = LinearKernel.mergeLowRank(own, a, b, scale);
            sum.attach(scope);
            OptimizerKernel.copy(new NDArray[] {sum}, new NDArray[] {own});
        }
        return this;
    }
}
