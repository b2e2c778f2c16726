package org.jzoo.examples.recipe;

import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;

/**
 * Says on the error stream how a run of a recipe goes, every 25 steps.
 *
 * @param name of what is trained
 * @param seed of the run
 */
public record StepRemarks(String name, long seed) implements TrainingCallback {

    private static final int STEPS = 25;

    @Override
    public void onStep(StepReport step) {
        if (step.step() % STEPS == 0) {
            System.err.printf(
                    "%s seed %d step %d loss %.3f, %.0f tokens/s%n",
                    name, seed, step.step(), step.loss(), step.tokens() / step.seconds());
        }
    }
}
