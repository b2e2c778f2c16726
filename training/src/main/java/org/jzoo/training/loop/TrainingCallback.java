package org.jzoo.training.loop;

import java.io.IOException;

/** What wants to know how a training goes. All methods are called on the training's thread. */
public interface TrainingCallback {

    /** Called once, before the first step. */
    default void onStart(RunStart start) {}

    /** Called for every step, in order; on a GPU one step late, but never after what follows it. */
    default void onStep(StepReport step) {}

    /** Called after every evaluation. */
    default void onEvaluation(EvaluationReport report) {}

    /** Called when a checkpoint is in its place. */
    default void onCheckpoint(CheckpointReport report) {}

    /**
     * Called when a checkpoint could not be written; the one before is untouched and training goes
     * on.
     */
    default void onCheckpointFailure(long step, IOException cause) {}

    /** Called once, unless the training ends with an exception. */
    default void onEnd(TrainingResult result) {}

    /** Called when the training ends with an exception, which is thrown afterwards. */
    default void onFailure(RuntimeException cause) {}
}
