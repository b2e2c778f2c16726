package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;

/**
 * An exponential average of the trainable parameters: {@code a ← d a + (1 - d) w} with {@code d =
 * min(decay, (1 + t) / (10 + t))} after step t, counted from 0. It starts where they are.
 *
 * @see <a href="https://doi.org/10.1137/0330046">Polyak and Juditsky 1992</a>; the start is that of
 *     TensorFlow's moving averages
 */
final class WeightAverage {

    private final double decay;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private final NDArray[] current;
    private final NDArray[] mean;

    WeightAverage(Map<String, NDArray> parameters, NDManager manager, double decay) {
        this.decay = decay;
        parameters.forEach((path, p) -> averages.put(path, manager.create(p.getShape())));
        current = parameters.values().toArray(new NDArray[0]);
        mean = averages.values().toArray(new NDArray[0]);
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(current, mean);
        }
    }

    /** By path; the parameters themselves while they are swapped. */
    Map<String, NDArray> averages() {
        return Collections.unmodifiableMap(averages);
    }

    /** Takes in the parameters after a step, counted from 0. */
    void add(long step) {
        double d = Math.min(decay, (1.0 + step) / (10.0 + step));
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.average(current, mean, 1 - d);
        }
    }

    /** Puts the averages into the parameters and these aside; once more undoes it. */
    void swap() {
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.swap(current, mean);
        }
    }
}
