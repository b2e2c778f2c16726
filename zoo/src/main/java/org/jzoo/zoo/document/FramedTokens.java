package org.jzoo.zoo.document;

import java.util.Arrays;
import org.jzoo.zoo.j3.J3Reader;

/** Reads a document's tokens between those that stand for a text's beginning and end. */
final class FramedTokens implements Reading.Work {

    private final TextFrame frame;
    private final J3Reader reader;
    private final long[] next;
    private int filled;
    private boolean any;

    /**
     * Begins, or goes on.
     *
     * @param pending tokens that an earlier reading had left; null to begin
     */
    FramedTokens(TextFrame frame, J3Reader reader, long[] pending) {
        this.reader = reader;
        this.frame = frame;
        next = new long[reader.chunkLength()];
        if (pending != null) {
            System.arraycopy(pending, 0, next, 0, pending.length);
            filled = pending.length;
            any = true;
            return;
        }
        push(frame.before());
    }

    @Override
    public void read(TokenChunk chunk, boolean more) {
        any = true;
        push(chunk.ids());
    }

    @Override
    public ReadingState state(ReadingPosition position) {
        return new ReadingState(position, null, Arrays.copyOf(next, filled), null, null);
    }

    /** Whether there was any token between the frame's. */
    boolean any() {
        return any;
    }

    /** Reads what is left and the tokens that stand for the end. */
    void end() {
        push(frame.after());
        if (filled > 0) {
            reader.read(Arrays.copyOf(next, filled));
        }
    }

    private void push(long... ids) {
        for (long id : ids) {
            if (filled == next.length) {
                reader.read(next.clone());
                filled = 0;
            }
            next[filled] = id;
            filled++;
        }
    }
}
