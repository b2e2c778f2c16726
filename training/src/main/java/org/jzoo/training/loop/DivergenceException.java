package org.jzoo.training.loop;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * The loss or the gradients are no finite numbers any more. The step's update has not been saved
 * anywhere.
 */
public final class DivergenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int SHOWN_ROWS = 64;

    private final long step;
    private final transient long[] rows;
    private final transient Path checkpoint;

    DivergenceException(String what, double value, long step, long[] rows, Path checkpoint) {
        super(
                "%s must be finite, got %s=%s at step %d (%s); last good checkpoint: %s"
                        .formatted(
                                what,
                                what,
                                value,
                                step,
                                shown(rows),
                                checkpoint == null ? "none" : checkpoint));
        this.step = step;
        this.rows = rows.clone();
        this.checkpoint = checkpoint;
    }

    private static String shown(long[] rows) {
        if (rows.length == 0) {
            return "rows unknown";
        }
        String list = Arrays.toString(Arrays.copyOf(rows, Math.min(rows.length, SHOWN_ROWS)));
        return "rows " + list + (rows.length > SHOWN_ROWS ? " and more" : "");
    }

    /** The step, from 1. */
    public long step() {
        return step;
    }

    /** The source rows of the step's batches. */
    public long[] rows() {
        return rows.clone();
    }

    /** The last good checkpoint, or null. */
    public Path checkpoint() {
        return checkpoint;
    }
}
