package org.jzoo.zoo.document;

import java.util.Arrays;
import org.jzoo.zoo.j3.J3Reader;

/** Reads a document's tokens between those that stand for a text's beginning and end. */
final class FramedTokens implements Reading.Work {

    /** For tasks that say nothing of tokens. */
    static final Hearing UNHEARD = (chunk, token, outputs) -> {};

    private final TextFrame frame;
    private final J3Reader reader;
    private final Hearing hearing;
    private final long[] next;
    private final TokenChunk[] chunks; // of the next tokens; null for others than the document's
    private final int[] places; // in their chunks
    private int filled;
    private boolean any;

    /** Hears what the model says of a document's token. */
    @FunctionalInterface
    interface Hearing {
        void hear(TokenChunk chunk, int token, float[] outputs);
    }

    /**
     * Begins, or goes on.
     *
     * @param pending tokens that an earlier reading had left, which nobody hears of; null to begin
     * @param hearing hears of each token, in the order of the document
     */
    FramedTokens(TextFrame frame, J3Reader reader, long[] pending, Hearing hearing) {
        this.reader = reader;
        this.frame = frame;
        this.hearing = hearing;
        next = new long[reader.chunkLength()];
        chunks = new TokenChunk[next.length];
        places = new int[next.length];
        if (pending != null) {
            System.arraycopy(pending, 0, next, 0, pending.length);
            filled = pending.length;
            any = true;
            return;
        }
        push(null, frame.before());
    }

    @Override
    public void read(TokenChunk chunk, boolean more) {
        any = true;
        push(chunk, chunk.ids());
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
        push(null, frame.after());
        if (filled > 0) {
            read();
        }
    }

    private void push(TokenChunk chunk, long... ids) {
        for (int i = 0; i < ids.length; i++) {
            if (filled == next.length) {
                read();
            }
            next[filled] = ids[i];
            chunks[filled] = chunk;
            places[filled] = i;
            filled++;
        }
    }

    private void read() {
        float[][] outputs = reader.read(Arrays.copyOf(next, filled));
        for (int i = 0; i < outputs.length; i++) {
            if (chunks[i] != null) {
                hearing.hear(chunks[i], places[i], outputs[i]);
            }
        }
        filled = 0;
    }
}
