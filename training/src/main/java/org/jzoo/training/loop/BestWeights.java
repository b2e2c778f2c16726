package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;

/** A copy of the trainable parameters as they were at the best evaluation. */
final class BestWeights {

    private final Map<String, NDArray> parameters;
    private final NDManager manager;
    private final Map<String, NDArray> copies = new LinkedHashMap<>();

    BestWeights(Map<String, NDArray> parameters, NDManager manager) {
        this.parameters = parameters;
        this.manager = manager;
    }

    /** The copies by path; allocated on first use. */
    Map<String, NDArray> copies() {
        if (copies.isEmpty()) {
            parameters.forEach((path, p) -> copies.put(path, manager.create(p.getShape())));
        }
        return copies;
    }

    /** Remembers the parameters as they are. */
    void keep() {
        copy(parameters, copies());
    }

    /** Puts the parameters back. */
    void restore() {
        copy(copies, parameters);
    }

    private static void copy(Map<String, NDArray> from, Map<String, NDArray> to) {
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(
                    from.values().toArray(new NDArray[0]), to.values().toArray(new NDArray[0]));
        }
    }
}
