package org.jzoo.zoo.document;

import java.util.Objects;

/**
 * Tokens that follow each other in a source.
 *
 * @param index of the chunk, from 0
 * @param ids token ids (T)
 * @param starts offset in the source of each token's first character (T)
 * @param ends offset past each token's last character (T)
 * @param text the source from {@code textStart} on, at least what the tokens cover
 * @param textStart offset in the source of the text's first character
 * @param page number of the page of the text's first character, from 1
 */
public record TokenChunk(
        long index, long[] ids, long[] starts, long[] ends, String text, long textStart, int page) {

    /** Checks that the parts belong together. */
    public TokenChunk {
        Objects.requireNonNull(text, "text");
        if (ids.length == 0 || starts.length != ids.length || ends.length != ids.length) {
            throw new IllegalArgumentException(
                    "ids, starts and ends must have one length above 0, got %d, %d, %d"
                            .formatted(ids.length, starts.length, ends.length));
        }
    }

    /** T, the number of tokens. */
    public int length() {
        return ids.length;
    }

    /** Offset in the source of the first token. */
    public long start() {
        return starts[0];
    }

    /** Offset in the source past the last token. */
    public long end() {
        return ends[ends.length - 1];
    }

    /**
     * A stretch of the source within this chunk's text.
     *
     * @throws IndexOutOfBoundsException if it is not within
     */
    public String text(long from, long to) {
        return text.substring(index(from), index(to));
    }

    /** The page that a place in this chunk's text stands on. */
    public int page(long offset) {
        int page = this.page;
        for (int i = 0; i < index(offset); i++) {
            if (text.charAt(i) == '\f') {
                page++;
            }
        }
        return page;
    }

    private int index(long offset) {
        return (int) Objects.checkIndex(offset - textStart, text.length() + 1L);
    }
}
