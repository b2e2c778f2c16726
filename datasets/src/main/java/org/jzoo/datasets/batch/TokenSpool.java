package org.jzoo.datasets.batch;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.datasets.text.Encoded;

/**
 * Encoded rows in a temporary file: 5 bytes a token there, none on the heap.
 *
 * <p>Not a file channel: an interrupt of the reading thread would close that for everybody.
 */
final class TokenSpool implements AutoCloseable {

    private static final int BYTES = Integer.BYTES + 1;

    private final Path path;
    private final RandomAccessFile file;

    private TokenSpool(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Writes rows, then opens for reading. */
    static final class Writer implements AutoCloseable {
        private final Path path;
        private final DataOutputStream out;
        private boolean handedOver;

        Writer() throws IOException {
            path = Files.createTempFile("jzoo-tokens", ".bin");
            out =
                    new DataOutputStream(
                            new BufferedOutputStream(Files.newOutputStream(path), 1 << 16));
        }

        void add(Encoded row) throws IOException {
            for (long id : row.ids()) {
                if (id < 0 || id > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("id must be in [0, 2^31), got id=" + id);
                }
                out.writeInt((int) id);
            }
            for (long type : row.typeIds()) {
                if (type < 0 || type > Byte.MAX_VALUE) {
                    throw new IllegalArgumentException(
                            "type id must be in [0, 127], got type id=" + type);
                }
                out.writeByte((int) type);
            }
        }

        TokenSpool open() throws IOException {
            out.close();
            TokenSpool spool = new TokenSpool(path, new RandomAccessFile(path.toFile(), "r"));
            handedOver = true;
            try {
                // Where open files can be deleted, not even a killed process leaves it behind.
                Files.deleteIfExists(path);
            } catch (FileSystemException e) {
                path.toFile().deleteOnExit();
            }
            return spool;
        }

        @Override
        public void close() throws IOException {
            if (!handedOver) {
                out.close();
                Files.deleteIfExists(path);
            }
        }
    }

    /** Reads a row that starts after {@code tokens} others, into arrays from {@code to} on. */
    void read(long tokens, int length, long[] ids, long[] typeIds, int to) {
        byte[] bytes = new byte[length * BYTES];
        synchronized (file) {
            try {
                file.seek(tokens * BYTES);
                file.readFully(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("reading the token file " + path, e);
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int i = 0; i < length; i++) {
            ids[to + i] = buffer.getInt();
        }
        for (int i = 0; i < length; i++) {
            typeIds[to + i] = buffer.get();
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("closing the token file " + path, e);
        }
    }
}
