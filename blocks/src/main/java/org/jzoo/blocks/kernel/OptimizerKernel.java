package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Steps over whole lists of parameters in one call each. Gradients are read from the parameters;
 * those without one are left alone. Call with gradients off ({@link GradientMode#off()}).
 */
public final class OptimizerKernel {

    private static final Script SCRIPT = Script.load("optimizer.py");

    private OptimizerKernel() {}

    /** The numbers of one AdamW step for one group of parameters. */
    public record AdamW(
            double learningRate, double beta1, double beta2, double weightDecay, double epsilon) {}

    /** Returns the global L2 norm of all gradients: a scalar, 0 when there are none. */
    public static NDArray gradientNorm(NDArray[] parameters) {
        return SCRIPT.call("gradient_norm", (Object) parameters);
    }

    /**
     * Scales all gradients by {@code min(1, maxNorm / (norm + 1e-6))}.
     *
     * @return the global norm before clipping, a scalar
     */
    public static NDArray clipGradients(NDArray[] parameters, double maxNorm) {
        return SCRIPT.call("clip_gradients", parameters, maxNorm);
    }

    /** Sets all gradients to zero. */
    public static void zeroGradients(NDArray[] parameters) {
        SCRIPT.call("zero_gradients", (Object) parameters).close();
    }

    /**
     * Makes one step of Adam with decoupled weight decay, in place.
     *
     * @param parameters any shapes, float32
     * @param first running means of gradients, one a parameter, same shapes
     * @param second running means of squared gradients, same shapes
     * @param steps scalars counting the steps of each parameter, float32, on its device
     * @param numbers of this step
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>, algorithm 2
     */
    public static void adamW(
            NDArray[] parameters,
            NDArray[] first,
            NDArray[] second,
            NDArray[] steps,
            AdamW numbers) {
        SCRIPT.call(
                        "adamw",
                        parameters,
                        first,
                        second,
                        steps,
                        numbers.learningRate(),
                        numbers.beta1(),
                        numbers.beta2(),
                        numbers.weightDecay(),
                        numbers.epsilon())
                .close();
    }

    /**
     * Copies arrays into others, in place. DJL's {@code copyTo} gives the target other memory
     * instead, on the Java side, which is less aligned and not what others see who share the old
     * one.
     *
     * @param sources any shapes, at least one array
     * @param targets the same shapes, on any device
     */
    public static void copy(NDArray[] sources, NDArray[] targets) {
        SCRIPT.call("copy", sources, targets).close();
    }

    /**
     * Moves averages towards parameters, in place: {@code a ← a + share · (p - a)}.
     *
     * @param parameters any shapes, at least one array
     * @param averages the same shapes
     * @param share in [0, 1]
     */
    public static void average(NDArray[] parameters, NDArray[] averages, double share) {
        SCRIPT.call("average", parameters, averages, share).close();
    }

    /** Exchanges the contents of arrays of the same shapes, at least one, in place. */
    public static void swap(NDArray[] first, NDArray[] second) {
        SCRIPT.call("swap", first, second).close();
    }

    /**
     * Moves parameters along their gradients by {@code epsilon · g / ‖g‖}, in place, with the norm
     * over all of them; nothing moves where all gradients are 0.
     *
     * @param epsilon the length of the way
     */
    public static void perturb(NDArray[] parameters, double epsilon) {
        SCRIPT.call("perturb", parameters, epsilon).close();
    }
}
