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
     * The gradients of parameters, kept in lists of their own rather than by the parameters: then a
     * step neither sets gradients to zero nor adds to them, a kernel for each parameter.
     *
     * <p>A parameter that no loss has reached yet has none and does not move; one that was reached
     * once gets zeros where it is not. Call all but {@link #add} with gradients off.
     */
    public static final class Gradients implements AutoCloseable {

        private final NDArray[] parameters;
        private Script.Held had;
        private Script.Held found;
        private Script.Held known;

        /** Starts without any; parameters that keep a gradient themselves have been reached. */
        public Gradients(NDArray... parameters) {
            this.parameters = parameters.clone();
        }

        /** Whether a loss was added since the last {@link #drop}. */
        public boolean present() {
            return found != null;
        }

        /** Computes a loss's gradients and adds them to those that are there. */
        public void add(NDArray loss) {
            if (had == null) {
                had = SCRIPT.hold("had_gradient", (Object) parameters);
            }
            Script.Held before = found;
            found = SCRIPT.hold("loss_gradients", loss, parameters);
            if (before != null) {
                Script.Held now = found;
                try (before;
                        now) {
                    found = SCRIPT.hold("sum_gradients", before, now);
                }
            }
        }

        /** The global L2 norm, a scalar attached to the manager of the first parameter. */
        public NDArray norm() {
            return SCRIPT.call("norm_of", known(), parameters);
        }

        /**
         * Scales all by {@code min(1, maxNorm / (norm + 1e-6))}.
         *
         * @return the global norm before, a scalar
         */
        public NDArray clip(double maxNorm) {
            NDArray norm = norm();
            try (Script.Held before = known) {
                known = SCRIPT.hold("clipped", before, norm, maxNorm);
            }
            return norm;
        }

        /**
         * Makes one step of {@link OptimizerKernel#adamW} for some of the parameters.
         *
         * @param start the place of the first of them among all
         */
        public void adamW(
                NDArray[] some,
                NDArray[] first,
                NDArray[] second,
                NDArray[] steps,
                int start,
                AdamW numbers) {
            SCRIPT.call(
                            "adamw_known",
                            some,
                            first,
                            second,
                            steps,
                            known(),
                            had,
                            start,
                            numbers.learningRate(),
                            numbers.beta1(),
                            numbers.beta2(),
                            numbers.weightDecay(),
                            numbers.epsilon())
                    .close();
        }

        private Script.Held known() {
            if (known == null) {
                known = SCRIPT.hold("known_gradients", found, parameters, had);
            }
            return known;
        }

        /** Forgets the gradients, not which parameters were reached. */
        public void drop() {
            close(found);
            close(known);
            found = null;
            known = null;
        }

        @Override
        public void close() {
            drop();
            close(had);
            had = null;
        }

        private static void close(Script.Held value) {
            if (value != null) {
                value.close();
            }
        }
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
