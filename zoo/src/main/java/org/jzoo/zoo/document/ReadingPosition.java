package org.jzoo.zoo.document;

/**
 * Where reading can go on, with the same chunks as if it had not stopped.
 *
 * @param character offset of the piece of text to begin with
 * @param tokens how many of the tokens from there on were read
 * @param page number of that piece's first page
 * @param chunks how many chunks were read
 * @param read how many tokens these chunks had
 * @param forcedCuts how many pieces before that one end in the middle of what may be one word
 */
public record ReadingPosition(
        long character, long tokens, int page, long chunks, long read, long forcedCuts) {

    /** The beginning of a text. */
    public static final ReadingPosition BEGINNING = new ReadingPosition(0, 0, 1, 0, 0, 0);

    /** Checks the ranges. */
    public ReadingPosition {
        if (character < 0 || tokens < 0 || page < 1 || chunks < 0 || read < 0 || forcedCuts < 0) {
            throw new IllegalArgumentException(
                    "character, tokens, chunks, read and forcedCuts must be >= 0 and page >= 1, got character=%d, tokens=%d, page=%d, chunks=%d, read=%d, forcedCuts=%d"
                            .formatted(character, tokens, page, chunks, read, forcedCuts));
        }
    }
}
