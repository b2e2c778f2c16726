package org.jzoo.zoo.document;

import java.util.Arrays;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/** Reads a document's tokens between those that stand for a text's beginning and end. */
final class FramedTokens implements Reading.Work {

    private final TokenizedText frame;
    private final J3Reader reader;
    private final long[] next;
    private int filled;
    private boolean any;

    /**
     * Begins, or goes on.
     *
     * @param pending tokens that an earlier reading had left; null to begin
     */
    FramedTokens(TextTokenizer tokenizer, J3Reader reader, long[] pending) {
        this.reader = reader;
        frame = tokenizer.encode("a");
        next = new long[reader.chunkLength()];
        if (pending != null) {
            System.arraycopy(pending, 0, next, 0, pending.length);
            filled = pending.length;
            any = true;
            return;
        }
        for (int i = 0; i < frame.ids().length && frame.ends()[i] <= 0; i++) {
            push(frame.ids()[i]);
        }
    }

    @Override
    public void read(TokenChunk chunk, boolean more) {
        any = true;
        for (long id : chunk.ids()) {
            push(id);
        }
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
        boolean after = false;
        for (int i = 0; i < frame.ids().length; i++) {
            after |= frame.ends()[i] > 0;
            if (after && frame.ends()[i] <= 0) {
                push(frame.ids()[i]);
            }
        }
        if (filled > 0) {
            reader.read(Arrays.copyOf(next, filled));
        }
    }

    private void push(long id) {
        if (filled == next.length) {
            reader.read(next.clone());
            filled = 0;
        }
        next[filled] = id;
        filled++;
    }
}
