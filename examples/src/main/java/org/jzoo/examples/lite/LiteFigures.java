package org.jzoo.examples.lite;

import java.util.List;
import java.util.Map;

/**
 * What one model of a run is worth.
 *
 * @param task GLUE's name of the task
 * @param seed of weights, order and changes
 * @param variant the recipe, or what of it was left out
 * @param step after which step: "teacher", "pruned", "trained", "rounded" (to nearest, without
 *     training) or "packed" (trained with rounded weights, read again from its folder)
 * @param metrics on the development set
 * @param score the mean of the task's metrics
 * @param weights of the model
 * @param bytes of its weights' file; 0 where it was not saved
 * @param share of the teacher's weights that might stay
 * @param plan layers, heads and channels of each
 * @param steps on texts of all tasks, on the task, and with rounded weights
 * @param device where it ran
 * @param precision of matrix products while training
 * @param seconds that the step took
 */
public record LiteFigures(
        String task,
        long seed,
        String variant,
        String step,
        Map<String, Double> metrics,
        double score,
        long weights,
        long bytes,
        double share,
        String plan,
        List<Integer> steps,
        String device,
        String precision,
        double seconds) {

    static final String TEACHER = "teacher";
    static final String PRUNED = "pruned";
    static final String TRAINED = "trained";
    static final String ROUNDED = "rounded";
    static final String PACKED = "packed";

    /** Whether they are of a task and seed with a configuration's numbers. */
    boolean isOf(LiteConfig config, String otherTask, long otherSeed) {
        return task.equals(otherTask)
                && seed == otherSeed
                && share == config.share()
                && steps.equals(config.steps());
    }

    /** Whether a variant's step made them. */
    boolean isOf(String otherVariant, String otherStep) {
        return variant.equals(otherVariant) && step.equals(otherStep);
    }
}
