package org.jzoo.training.loop;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint holds beside arrays. Metrics are texts, since JSON has no NaN.
 *
 * @param version of the layout
 * @param run what must be the same for a training to be the same: see {@link RunIdentity}
 * @param step steps made
 * @param epoch the epoch of the next batch
 * @param batch the index of the next batch
 * @param examples seen
 * @param tokens seen
 * @param loss of the last step
 * @param lastMetrics of the last evaluation
 * @param bestMetrics of the best evaluation
 * @param bestStep the step of the best evaluation, 0 for none
 * @param staleEvaluations evaluations since the best one
 * @param moved the parameters that have had a gradient
 * @param tensors the arrays in each file, in order
 */
record CheckpointState(
        int version,
        JsonObject run,
        long step,
        int epoch,
        int batch,
        long examples,
        long tokens,
        String loss,
        Map<String, String> lastMetrics,
        Map<String, String> bestMetrics,
        long bestStep,
        int staleEvaluations,
        List<String> moved,
        Map<String, List<TensorShape>> tensors) {

    static final int VERSION = 1;

    /** An array's name and shape. */
    record TensorShape(String name, List<Long> shape) {}
}
