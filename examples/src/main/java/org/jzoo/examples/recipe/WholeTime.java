package org.jzoo.examples.recipe;

import org.jzoo.training.loop.RunStart;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingResult;

/**
 * How long a training takes from its first step to its last. Where it was resumed from a
 * checkpoint, the steps before it count as long as those after it.
 */
public final class WholeTime implements TrainingCallback {

    private long resumedStep;

    /** To be added to a training. */
    public WholeTime() {}

    @Override
    public void onStart(RunStart start) {
        resumedStep = start.resumedStep();
    }

    /** Seconds of all steps; those of this run if it made none. */
    public double seconds(TrainingResult result) {
        long made = result.step() - resumedStep;
        return made == 0 ? result.seconds() : result.seconds() * result.step() / made;
    }

    /**
     * Checks that a training came to its end.
     *
     * @throws IllegalStateException if somebody asked it to stop
     */
    public static void requireEnd(TrainingResult result) {
        if (result.interrupted()) {
            throw new IllegalStateException(
                    "a training must come to its end to be measured, got an interruption at step %d"
                                    .formatted(result.step())
                            + (result.checkpointSaved()
                                    ? "; the same command goes on from there"
                                    : ""));
        }
    }
}
