package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Averages gradients over the processes that train the same model together; each of them calls it
 * once a step. Without one, a process trains alone.
 */
@FunctionalInterface
public interface GradientExchange {

    /**
     * Replaces each gradient, in place, by its mean over all processes.
     *
     * @param gradients of all trainable parameters, in the same order in all processes
     * @param weight the number of items in this process's step; means are weighted by it
     */
    void average(List<NDArray> gradients, double weight);
}
