package org.jzoo.zoo.document;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Cuts a source of any length into pieces whose tokens, one piece after the other, are those of the
 * whole text.
 *
 * <p>A piece ends, best first, between a letter or digit and white space; between any character and
 * a blank; between a letter or digit and a sign other than an apostrophe, or beside an ideograph;
 * between two code points, not before a mark that belongs to the first. WordPiece, word and
 * byte-level vocabularies see a boundary at the first two in any case, so that the cut changes
 * nothing. The last two are taken where half a piece's length has neither; of these the last counts
 * as forced. Surrogate pairs are never cut; half of one alone becomes U+FFFD, as bytes it cannot
 * be.
 *
 * <p>Where the pieces are cut depends on the text and the place of the first piece only, not on how
 * the reader delivers it.
 */
public final class TextPieces implements Iterator<TextPiece>, AutoCloseable {

    /** The usual length of a piece in characters. */
    public static final int LENGTH = 8192;

    private static final int SHORTEST = 16;

    private final Reader reader;
    private final char[] buffer;
    private final int length;
    private long start;
    private int held;
    private boolean atEnd;

    /**
     * Reads pieces of at most {@code length} characters.
     *
     * @param reader closed with the pieces
     * @param length at least 16
     * @param start offset of the first piece; the characters before it are skipped
     */
    public TextPieces(Reader reader, int length, long start) {
        this.reader = Objects.requireNonNull(reader, "reader");
        if (length < SHORTEST || start < 0) {
            throw new IllegalArgumentException(
                    "length must be >= %d and start >= 0, got length=%d, start=%d"
                            .formatted(SHORTEST, length, start));
        }
        this.length = length;
        this.start = start;
        buffer = new char[length + 2]; // what follows a cut decides whether it is one
        skip(start);
    }

    /** Reads pieces of the usual length from the beginning. */
    public TextPieces(Reader reader) {
        this(reader, LENGTH, 0);
    }

    private void skip(long characters) {
        try {
            for (long left = characters; left > 0; ) {
                int read = reader.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new EOFException(
                            "start must be within the text, got start=%d, length=%d"
                                    .formatted(characters, characters - left));
                }
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasNext() {
        fill();
        return held > 0;
    }

    @Override
    public TextPiece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int cut = held <= length ? held : bestCut();
        boolean forced = cut < held && rank(cut) == Cut.CHARACTER;
        replaceHalfPairs(cut);
        TextPiece piece = new TextPiece(new String(buffer, 0, cut), start, forced);
        System.arraycopy(buffer, cut, buffer, 0, held - cut);
        held -= cut;
        start += cut;
        return piece;
    }

    private void fill() {
        try {
            while (!atEnd && held < buffer.length) {
                int read = reader.read(buffer, held, buffer.length - held);
                if (read < 0) {
                    atEnd = true;
                } else {
                    held += read;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private enum Cut {
        NONE,
        CHARACTER,
        SIGN,
        BLANK,
        WORD
    }

    /** The last place of the best kind in the second half. */
    private int bestCut() {
        int best = length;
        Cut kind = Cut.NONE;
        for (int cut = length; cut > length / 2 && kind != Cut.WORD; cut--) {
            Cut found = rank(cut);
            if (found.compareTo(kind) > 0) {
                kind = found;
                best = cut;
            }
        }
        // A piece that is all marks is cut anyway, but not within a pair.
        return kind == Cut.NONE && inPair(best) ? best - 1 : best;
    }

    /** What kind of place lies before the character at this index, from 1 to below {@code held}. */
    private Cut rank(int cut) {
        if (inPair(cut)) {
            return Cut.NONE;
        }
        int before = Character.codePointBefore(buffer, cut, 0);
        int after = Character.codePointAt(buffer, cut, held);
        boolean word = Character.isLetterOrDigit(before);
        if (Character.isWhitespace(after)) {
            if (word) {
                return Cut.WORD;
            }
            return after == ' ' && !Character.isWhitespace(before) ? Cut.BLANK : Cut.CHARACTER;
        }
        if (belongsToBefore(before, after)) {
            return Cut.NONE;
        }
        boolean sign = !Character.isLetterOrDigit(after) && after != '\'' && after != '’';
        return (word && sign) || Character.isIdeographic(before) || Character.isIdeographic(after)
                ? Cut.SIGN
                : Cut.CHARACTER;
    }

    private boolean inPair(int cut) {
        return Character.isHighSurrogate(buffer[cut - 1]) && Character.isLowSurrogate(buffer[cut]);
    }

    private static boolean belongsToBefore(int before, int after) {
        final int joiner = 0x200D;
        int type = Character.getType(after);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || before == joiner
                || after == joiner
                || (before == '\r' && after == '\n');
    }

    private void replaceHalfPairs(int end) {
        for (int i = 0; i < end; i++) {
            if (Character.isSurrogate(buffer[i])) {
                if (i + 1 < end && Character.isSurrogatePair(buffer[i], buffer[i + 1])) {
                    i++;
                } else {
                    buffer[i] = '\uFFFD';
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
