package org.jzoo.training.loop;

import java.nio.file.Path;
import java.util.Map;

/**
 * How a training ended.
 *
 * @param end why
 * @param step steps made since the very beginning
 * @param epoch the epoch in which it ended, from 0
 * @param loss of the last step; NaN if none was made
 * @param lastMetrics of the last evaluation; empty if there was none
 * @param bestMetrics of the best evaluation; empty if there was none
 * @param bestStep after which the best evaluation was made; 0 if there was none
 * @param checkpoint the last good checkpoint, or null
 * @param checkpointSaved whether that checkpoint holds the last step; false without a folder or
 *     when the last one could not be written
 * @param examples seen since the very beginning
 * @param tokens seen since the very beginning
 * @param seconds of this run
 * @param stepsMade in this run: less than {@code step} if it was resumed
 */
public record TrainingResult(
        End end,
        long step,
        int epoch,
        double loss,
        Map<String, Double> lastMetrics,
        Map<String, Double> bestMetrics,
        long bestStep,
        Path checkpoint,
        boolean checkpointSaved,
        long examples,
        long tokens,
        double seconds,
        long stepsMade) {

    /** Why a training ended. */
    public enum End {
        /** All steps were made. */
        COMPLETED,
        /** The watched metric did not improve any more. */
        EARLY_STOPPED,
        /** Somebody asked it to stop; it can be resumed. */
        INTERRUPTED
    }

    /** Seconds of all steps, if those before it was resumed took as long as those of this run. */
    public double wholeSeconds() {
        return stepsMade == 0 ? seconds : seconds * step / stepsMade;
    }

    /** Tokens that were seen in a second; 0 if this run made no step. */
    public double tokensPerSecond() {
        return stepsMade == 0 ? 0 : tokens / wholeSeconds();
    }

    /** Whether somebody asked it to stop. */
    public boolean interrupted() {
        return end == End.INTERRUPTED;
    }
}
