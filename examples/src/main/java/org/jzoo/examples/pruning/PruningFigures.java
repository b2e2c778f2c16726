package org.jzoo.examples.pruning;

import java.util.Map;

/**
 * What a pruned model is worth.
 *
 * @param task GLUE's name of the task
 * @param seed of tuning, order and choices
 * @param method a method's name, or "teacher"
 * @param share of the layers' or the token table's weights that might stay; 1 for the teacher
 * @param kept share that did
 * @param steps of training after pruning; 0 for none
 * @param metrics on the development set
 * @param score the mean of the task's metrics
 * @param weights of the whole model that are not 0
 * @param plan what is left, in words
 * @param device where it ran
 * @param precision of matrix products while training
 * @param seconds that pruning and training took
 */
public record PruningFigures(
        String task,
        long seed,
        String method,
        double share,
        double kept,
        int steps,
        Map<String, Double> metrics,
        double score,
        long weights,
        String plan,
        String device,
        String precision,
        double seconds) {

    /** What the tuned model that is pruned is called. */
    public static final String TEACHER = "teacher";

    boolean isOf(String otherMethod, double otherShare, int otherSteps) {
        return method.equals(otherMethod) && share == otherShare && steps == otherSteps;
    }
}
