package org.jzoo.zoo.document;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jzoo.zoo.j3.J3Reader;

/**
 * One reading of a document by a J3, from its beginning or from where an earlier one was left. With
 * a folder it is kept there every {@value #KEPT_TOKENS} tokens and when it is cancelled.
 */
final class Reading implements AutoCloseable {

    private static final long KEPT_TOKENS = 1 << 17; // some 10 s of a small model on two cores

    private final NDManager manager;
    private final J3Reader reader;
    private final TokenChunks chunks;
    private final ReadingFolder folder;
    private ReadingPosition position;
    private long kept; // tokens that were read when it was kept last

    /** What is made of each chunk. */
    interface Work {

        /**
         * A chunk was cut.
         *
         * @param more whether another follows
         */
        void read(TokenChunk chunk, boolean more);

        /** What was made of all chunks so far. */
        ReadingState state(ReadingPosition position);
    }

    /**
     * Takes over a manager, a reader below it and chunks.
     *
     * @param folder null to keep nothing
     */
    Reading(NDManager manager, J3Reader reader, TokenChunks chunks, ReadingFolder folder) {
        this.manager = manager;
        this.reader = reader;
        this.chunks = chunks;
        this.folder = folder;
    }

    J3Reader reader() {
        return reader;
    }

    TokenChunks chunks() {
        return chunks;
    }

    /**
     * Reads to the end.
     *
     * @throws ReadingCancelledException if that was asked for; what was read is kept
     * @throws IOException if the document cannot be read, or the folder not written
     */
    void run(Work work) throws IOException {
        try {
            while (chunks.hasNext()) {
                TokenChunk chunk = chunks.next();
                work.read(chunk, chunks.hasNext());
                position = chunks.position();
                if (position.read() - kept >= KEPT_TOKENS) {
                    keep(work);
                    kept = position.read();
                }
            }
        } catch (ReadingCancelledException e) {
            keepDespiteInterrupt(work);
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    // An interrupted thread cannot write.
    private void keepDespiteInterrupt(Work work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            keep(work);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void keep(Work work) throws IOException {
        if (folder != null && position != null) {
            folder.write(work.state(position), reader);
        }
    }

    @Override
    public void close() {
        chunks.close();
        reader.close();
        manager.close();
    }
}
