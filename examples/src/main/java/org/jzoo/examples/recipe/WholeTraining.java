package org.jzoo.examples.recipe;

import org.jzoo.training.loop.TrainingResult;

/** Trainings that are measured, and so must have come to their end. */
public final class WholeTraining {

    private WholeTraining() {}

    /**
     * Checks that a training came to its end.
     *
     * @return the training
     * @throws IllegalStateException if somebody asked it to stop
     */
    public static TrainingResult require(TrainingResult result) {
        if (result.interrupted()) {
            throw new IllegalStateException(
                    "a training must come to its end to be measured, got an interruption at step %d"
                                    .formatted(result.step())
                            + (result.checkpointSaved()
                                    ? "; the same command goes on from there"
                                    : ""));
        }
        return result;
    }
}
