package org.jzoo.zoo.document;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jzoo.zoo.text.TokenizedText;

/**
 * A long text as chunks of equally many tokens, the last one of fewer. Holds one chunk, the pieces
 * it is made of and the next piece.
 *
 * <p>The tokens are those of the whole text, as far as {@link TextPieces} can keep them; a blank
 * text has no chunks. Each chunk's text runs from the end of the chunk before to its own last
 * token. A chunk that covers 1,048,576 characters is full, whatever its tokens: white space and
 * unknown words have no length limit.
 */
public final class TokenChunks implements Iterator<TokenChunk>, AutoCloseable {

    private static final int MOST_CHARACTERS = 1 << 20;

    private final LongText source;
    private final TextTokens tokens;
    private final int size;
    private final ReadingProgress progress;
    private final BooleanSupplier cancelled;
    private final Reader reader;
    private final TextPieces pieces;

    // Tokens that were read and not handed out yet.
    private long[] ids = new long[0];
    private long[] starts = new long[0];
    private long[] ends = new long[0];
    private int first;
    private int count;
    private final StringBuilder text = new StringBuilder(); // the source from textStart on
    private long textStart;
    private int page; // of the character at textStart
    private int endPage; // of the character after the text

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long skip; // tokens still to be left out
    private long produced; // tokens of all pieces since the reading began
    private long read;
    private long chunks;
    private long characters;
    private long forcedCuts;

    /** A piece that has tokens which were not handed out yet. */
    private record Mark(long character, long firstToken, int page, long forcedCuts) {}

    private TokenChunks(Builder builder) throws IOException {
        source = Objects.requireNonNull(builder.source, "source");
        tokens = Objects.requireNonNull(builder.tokens, "tokens");
        progress = Objects.requireNonNull(builder.progress, "progress");
        cancelled = Objects.requireNonNull(builder.cancelled, "cancelled");
        size = builder.size;
        if (size < 1) {
            throw new IllegalArgumentException("size must be >= 1, got size=" + size);
        }
        ReadingPosition position = builder.position;
        skip = position.tokens();
        page = position.page();
        endPage = page;
        characters = position.character();
        chunks = position.chunks();
        read = position.read();
        forcedCuts = position.forcedCuts();
        textStart = position.character();
        reader = source.open();
        try {
            pieces = new TextPieces(reader, builder.pieceLength, position.character());
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** Starts a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whether there is another chunk.
     *
     * @throws ReadingCancelledException if reading was cancelled or the thread interrupted
     * @throws UncheckedIOException if the source cannot be read, or is no text
     */
    @Override
    public boolean hasNext() {
        checkCancelled();
        while (count < size
                && (count == 0 || text.length() < MOST_CHARACTERS)
                && pieces.hasNext()) {
            add(pieces.next());
            checkCancelled();
        }
        return count > 0;
    }

    private void checkCancelled() {
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new ReadingCancelledException(source.name(), position());
        }
    }

    @Override
    public TokenChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int length = Math.min(size, count);
        int end = first + length;
        TokenChunk chunk =
                new TokenChunk(
                        chunks,
                        Arrays.copyOfRange(ids, first, end),
                        Arrays.copyOfRange(starts, first, end),
                        Arrays.copyOfRange(ends, first, end),
                        text.substring(0, (int) (ends[end - 1] - textStart)),
                        textStart,
                        page);
        drop(length);
        read += length;
        chunks++;
        progress.read(chunks, read, characters);
        return chunk;
    }

    private void add(TextPiece piece) {
        TokenizedText found = tokens.of(piece.text());
        int added = found.ids().length;
        reserve(added);
        int at = first + count;
        System.arraycopy(found.ids(), 0, ids, at, added);
        for (int i = 0; i < added; i++) {
            starts[at + i] = piece.start() + found.starts()[i];
            ends[at + i] = piece.start() + found.ends()[i];
        }
        count += added;
        if (added > 0) {
            marks.addLast(new Mark(piece.start(), produced, endPage, forcedCuts));
        }
        produced += added;
        text.append(piece.text());
        endPage += pages(piece.text());
        characters += piece.text().length();
        forcedCuts += piece.forced() ? 1 : 0;
        int left = (int) Math.min(skip, count);
        drop(left);
        skip -= left;
        if (added == 0 && count == 0) {
            dropText(text.length());
        }
    }

    private void reserve(int added) {
        if (first + count + added > ids.length) {
            int room = Math.max(count + added, 2 * size);
            ids = moved(ids, room);
            starts = moved(starts, room);
            ends = moved(ends, room);
            first = 0;
        }
    }

    private long[] moved(long[] values, int room) {
        long[] result = new long[room];
        System.arraycopy(values, first, result, 0, count);
        return result;
    }

    /** Lets go of the first tokens and of the text up to the end of the last of them. */
    private void drop(int length) {
        if (length == 0) {
            return;
        }
        long end = ends[first + length - 1];
        first += length;
        count -= length;
        // Tokens that are bytes of one character share its offsets.
        dropText((int) ((count == 0 ? end : Math.min(end, starts[first])) - textStart));
        long handed = produced - count;
        while (marks.size() > 1 && second(marks).firstToken() <= handed) {
            marks.removeFirst();
        }
    }

    private static Mark second(Deque<Mark> marks) {
        Iterator<Mark> i = marks.iterator();
        i.next();
        return i.next();
    }

    private void dropText(int length) {
        page += pages(text.subSequence(0, length));
        text.delete(0, length);
        textStart += length;
    }

    private static int pages(CharSequence text) {
        return (int) text.chars().filter(c -> c == '\f').count();
    }

    /** Where to go on after the last chunk that was handed out. */
    public ReadingPosition position() {
        Mark mark = marks.peekFirst();
        if (mark == null) {
            return new ReadingPosition(textStart, skip, page, chunks, read, forcedCuts);
        }
        return new ReadingPosition(
                mark.character(),
                produced - count - mark.firstToken() + skip,
                mark.page(),
                chunks,
                read,
                mark.forcedCuts());
    }

    /** What was read so far. */
    public ReadingReport report() {
        String encoding = null;
        long replaced = 0;
        if (reader instanceof TextReader decoded) {
            encoding = decoded.encoding() == null ? null : decoded.encoding().name();
            replaced = decoded.replaced();
        }
        return new ReadingReport(encoding, characters, read, chunks, forcedCuts, replaced);
    }

    @Override
    public void close() {
        pieces.close();
    }

    /** Collects what is read and how. */
    public static final class Builder {

        private LongText source;
        private TextTokens tokens;
        private int size;
        private int pieceLength = TextPieces.LENGTH;
        private ReadingPosition position = ReadingPosition.BEGINNING;
        private ReadingProgress progress = (chunks, tokens, characters) -> {};
        private BooleanSupplier cancelled = () -> false;

        private Builder() {}

        /** Sets the text. */
        public Builder setSource(LongText value) {
            source = value;
            return this;
        }

        /** Sets what makes tokens. */
        public Builder setTokens(TextTokens value) {
            tokens = value;
            return this;
        }

        /** Sets the tokens of a chunk, at least 1. */
        public Builder setSize(int value) {
            size = value;
            return this;
        }

        /** Sets the greatest length in characters of what is tokenised at a time. */
        public Builder optPieceLength(int value) {
            pieceLength = value;
            return this;
        }

        /** Sets where to begin: what {@link TokenChunks#position} said. */
        public Builder optPosition(ReadingPosition value) {
            position = Objects.requireNonNull(value, "position");
            return this;
        }

        /** Sets who is told of each chunk. */
        public Builder optProgress(ReadingProgress value) {
            progress = value;
            return this;
        }

        /** Sets what ends the reading by becoming true; asked before each chunk. */
        public Builder optCancelled(BooleanSupplier value) {
            cancelled = value;
            return this;
        }

        /**
         * Opens the text.
         *
         * @throws IOException if it cannot be opened
         */
        public TokenChunks build() throws IOException {
            return new TokenChunks(this);
        }
    }
}
