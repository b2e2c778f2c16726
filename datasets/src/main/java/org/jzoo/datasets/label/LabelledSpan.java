package org.jzoo.datasets.label;

import java.util.Objects;

/**
 * A labelled stretch of a text.
 *
 * @param start the index of its first character (UTF-16 unit)
 * @param end the index after its last character
 * @param label what it is called
 */
public record LabelledSpan(int start, int end, String label) {

    /** Checks the order. */
    public LabelledSpan {
        Objects.requireNonNull(label, "label");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException(
                    "start must be in [0, end), got start=%d, end=%d".formatted(start, end));
        }
    }

    @Override
    public String toString() {
        return "%s %d-%d".formatted(label, start, end);
    }
}
