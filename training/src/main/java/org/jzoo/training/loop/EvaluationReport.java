package org.jzoo.training.loop;

import java.util.Map;

/**
 * One evaluation.
 *
 * @param step the step after which it was made
 * @param epoch from 0
 * @param epochs passes over the data done, with fraction
 * @param metrics by name, in order
 * @param best whether it is the best so far
 * @param seconds it took
 */
public record EvaluationReport(
        long step,
        int epoch,
        double epochs,
        Map<String, Double> metrics,
        boolean best,
        double seconds) {}
