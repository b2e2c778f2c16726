package org.jzoo.training.metric;

import java.util.Objects;

/**
 * A labelled stretch of a text.
 *
 * @param label what it is called
 * @param start where it begins
 * @param end past its last place, after {@code start}
 */
public record Entity(String label, long start, long end) {

    /** Checks that there is a stretch. */
    public Entity {
        Objects.requireNonNull(label, "label");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException(
                    "start must be >= 0 and before end, got start=%d, end=%d"
                            .formatted(start, end));
        }
    }
}
