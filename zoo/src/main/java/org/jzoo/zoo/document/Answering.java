package org.jzoo.zoo.document;

import java.util.Arrays;
import org.jzoo.zoo.j3.J3Reader;

/** Looks for an answer in each chunk of a document. */
final class Answering implements Reading.Work {

    private static final int EVIDENCE = 3;

    private final J3Reader reader;
    private final long padding;
    private final AnswerSearch search = new AnswerSearch(LongReader.ANSWER_TOKENS, EVIDENCE);

    /**
     * Begins, or goes on.
     *
     * @param padding the token that fills a chunk
     * @param before what an earlier reading had found; null to begin
     */
    Answering(J3Reader reader, long padding, AnswerSearch.State before) {
        this.reader = reader;
        this.padding = padding;
        if (before != null) {
            search.restore(before);
        }
    }

    @Override
    public void read(TokenChunk chunk, boolean more) {
        float[][] logits = reader.read(whole(chunk.ids(), more));
        search.add(chunk, Arrays.copyOf(logits, chunk.length()));
    }

    /** Fills a chunk that is short though more text follows: after a megabyte of white space. */
    private long[] whole(long[] ids, boolean more) {
        int length = reader.chunkLength();
        if (!more || ids.length == length) {
            return ids;
        }
        long[] filled = Arrays.copyOf(ids, length);
        Arrays.fill(filled, ids.length, length, padding);
        return filled;
    }

    @Override
    public ReadingState state(ReadingPosition position) {
        return new ReadingState(position, search.state(), null, null, null);
    }

    /** What was found in all that was read. */
    LongAnswer finish(ReadingReport report) {
        return search.finish(report);
    }
}
