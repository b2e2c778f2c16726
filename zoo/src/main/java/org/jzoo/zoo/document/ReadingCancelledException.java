package org.jzoo.zoo.document;

import java.util.concurrent.CancellationException;

/** Reading was cancelled, or its thread interrupted; says where it can go on. */
public final class ReadingCancelledException extends CancellationException {

    private static final long serialVersionUID = 1L;

    private final transient ReadingPosition position;

    /** Reading stopped here. */
    public ReadingCancelledException(String name, ReadingPosition position) {
        super("reading of %s was cancelled after %d chunks".formatted(name, position.chunks()));
        this.position = position;
    }

    /** Where to go on. */
    public ReadingPosition position() {
        return position;
    }
}
