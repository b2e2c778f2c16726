package org.jzoo.blocks.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import java.util.function.Function;
import org.jzoo.blocks.kernel.GradientMode;

/** Compares gradients with differences of the function itself. */
public final class GradientCheck {

    private GradientCheck() {}

    /**
     * Fails unless the gradient of Σ f(inputs) · cotangent, for a fixed random cotangent, agrees
     * with a five-point difference in every element of every floating-point input.
     *
     * @param tolerance allowed difference as a share of the largest gradient of that input
     */
    public static void assertGradients(
            Function<NDList, NDArray> f, double tolerance, NDArray... inputs) {
        NDManager home = inputs[0].getManager();
        double[] cotangent;
        double[][] gradients = new double[inputs.length][];
        try (NDManager scope = home.newSubManager()) {
            NDList leaves = copies(scope, inputs);
            leaves.forEach(a -> a.setRequiresGradient(a.getDataType().isFloating()));
            try (GradientMode on = GradientMode.on()) {
                NDArray y = f.apply(leaves);
                NDArray weights = random(scope, y);
                cotangent = Close.values(weights);
                GradientMode.backward(y, weights);
            }
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i].getDataType().isFloating()) {
                    gradients[i] = Close.values(leaves.get(i).getGradient());
                }
            }
        }
        for (int i = 0; i < inputs.length; i++) {
            if (gradients[i] != null) {
                compare(f, inputs, i, gradients[i], cotangent, tolerance);
            }
        }
    }

    private static void compare(
            Function<NDList, NDArray> f,
            NDArray[] inputs,
            int which,
            double[] gradient,
            double[] cotangent,
            double tolerance) {
        double step = inputs[which].getDataType() == DataType.FLOAT64 ? 1e-3 : 4e-2;
        double largest = 1e-3;
        for (double g : gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int e = 0; e < gradient.length; e++) {
            double near =
                    at(f, inputs, which, e, step, cotangent)
                            - at(f, inputs, which, e, -step, cotangent);
            double far =
                    at(f, inputs, which, e, 2 * step, cotangent)
                            - at(f, inputs, which, e, -2 * step, cotangent);
            double difference = (8 * near - far) / (12 * step);
            double error = Math.abs(difference - gradient[e]);
            int element = e;
            assertTrue(
                    error <= tolerance * largest,
                    () ->
                            "input %d, element %d: gradient %s, difference quotient %s"
                                    .formatted(which, element, gradient[element], difference));
        }
    }

    private static double at(
            Function<NDList, NDArray> f,
            NDArray[] inputs,
            int which,
            int element,
            double step,
            double[] cotangent) {
        try (NDManager scope = inputs[0].getManager().newSubManager();
                GradientMode off = GradientMode.off()) {
            NDList moved = copies(scope, inputs);
            NDArray old = moved.get(which);
            NDArray changed;
            if (old.getDataType() == DataType.FLOAT64) {
                double[] values = old.toDoubleArray();
                values[element] += step;
                changed = scope.create(values, old.getShape());
            } else {
                float[] values = old.toFloatArray();
                values[element] += (float) step;
                changed = scope.create(values, old.getShape());
            }
            moved.set(which, changed);
            double[] y = Close.values(f.apply(moved));
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += y[i] * cotangent[i];
            }
            return sum;
        }
    }

    private static NDList copies(NDManager scope, NDArray... inputs) {
        NDList copies = new NDList();
        for (NDArray input : inputs) {
            NDArray copy = input.duplicate();
            copy.attach(scope);
            copies.add(copy);
        }
        return copies;
    }

    private static NDArray random(NDManager scope, NDArray like) {
        Random random = new Random(5);
        double[] values = random.doubles(like.size(), -1, 1).map(v -> (float) v).toArray();
        NDArray wide = scope.create(values, like.getShape());
        return wide.toType(like.getDataType(), false);
    }
}
