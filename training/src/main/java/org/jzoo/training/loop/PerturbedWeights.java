package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.training.optimizer.PathPattern;

/** The parameters that a {@link Perturbation} moves. */
final class PerturbedWeights {

    private final NDArray[] parameters;
    private final NDArray[] kept;
    private final double epsilon;

    PerturbedWeights(Map<String, NDArray> trainable, NDManager manager, Perturbation perturbation) {
        parameters =
                trainable.entrySet().stream()
                        .filter(e -> PathPattern.matches(perturbation.pattern(), e.getKey()))
                        .map(Map.Entry::getValue)
                        .toArray(NDArray[]::new);
        if (parameters.length == 0) {
            throw new IllegalArgumentException(
                    "pattern must match a trainable parameter, got pattern=%s, parameters=%s"
                            .formatted(perturbation.pattern(), trainable.keySet()));
        }
        kept =
                Arrays.stream(parameters)
                        .map(p -> manager.create(p.getShape()))
                        .toArray(NDArray[]::new);
        epsilon = perturbation.epsilon();
    }

    /** Moves them along the gradients that they have. */
    void move() {
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(parameters, kept);
            OptimizerKernel.perturb(parameters, epsilon);
        }
    }

    /** Moves them back, bit for bit. */
    void restore() {
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(kept, parameters);
        }
    }
}
