package org.jzoo.datasets.longtext;

/**
 * A stretch of a text.
 *
 * @param start the index of its first character
 * @param end the index after its last character
 */
public record Span(int start, int end) {

    /** Checks the order. */
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "start must be in [0, end], got start=%d, end=%d".formatted(start, end));
        }
    }

    /** The stretch of this text. */
    public String of(String text) {
        return text.substring(start, end);
    }
}
