package org.jzoo.zoo.document;

import java.util.Objects;

/**
 * A stretch of a source, cut so that it can be tokenised alone.
 *
 * @param text the characters, at least one
 * @param start offset of the first one in the source
 * @param forced whether it ends in the middle of what a tokenizer may see as one word, since there
 *     was no better place
 */
public record TextPiece(String text, long start, boolean forced) {

    /** Checks that there is text. */
    public TextPiece {
        Objects.requireNonNull(text, "text");
        if (text.isEmpty() || start < 0) {
            throw new IllegalArgumentException(
                    "text must not be empty and start >= 0, got length=%d, start=%d"
                            .formatted(text.length(), start));
        }
    }

    /** Offset past the last character in the source. */
    public long end() {
        return start + text.length();
    }
}
