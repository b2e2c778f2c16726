package org.jzoo.training.loop;

/** A checkpoint that cannot be resumed from: damaged, or of another training. */
public final class CheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
