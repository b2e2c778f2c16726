package org.jzoo.training.loop;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;

/** A look at a model during training. */
@FunctionalInterface
public interface Evaluation {

    /**
     * Measures the model without changing it. The loop calls it with gradients off.
     *
     * @param model the model, as it is now
     * @param precision the number type of matrix products
     * @return metrics by name, in the order in which they are shown; NaN where one is undefined
     */
    Map<String, Double> evaluate(Block model, Precision precision);

    /** The metrics' names where they are known beforehand; empty where they are not. */
    default List<String> metricNames() {
        return List.of();
    }
}
