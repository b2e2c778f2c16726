package org.jzoo.datasets.vision;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jzoo.datasets.text.DataException;

/**
 * Unsigned bytes in the IDX format: two zero bytes, 8 for the type, the number of dimensions, each
 * dimension as a big-endian int, the bytes row by row.
 *
 * @param shape the dimensions
 * @param values the bytes, as many as the product of the dimensions
 */
record IdxFile(int[] shape, byte[] values) {

    /**
     * Reads {@code folder/name}, or {@code folder/name.gz} if there is no such file.
     *
     * @throws DataException if neither is there, or is no such file of {@code rank} dimensions
     */
    static IdxFile read(Path folder, String name, int rank) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            file = folder.resolve(name + ".gz");
        }
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    folder.toString(), "must hold %s or %s.gz, got neither".formatted(name, name));
        }
        try (InputStream raw = Files.newInputStream(file);
                InputStream in =
                        file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw) {
            return read(in, file, rank);
        } catch (EOFException | ZipException e) {
            throw new DataException(
                    file.toString(), "must be an unbroken gzip file, got " + e.getMessage());
        }
    }

    private static IdxFile read(InputStream in, Path file, int rank) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(4 + 4 * rank));
        int magic = header.remaining() == 4 + 4 * rank ? header.getInt() : 0;
        if (magic != (8 << 8 | rank)) {
            throw new DataException(
                    file.toString(),
                    "must be an IDX file of unsigned bytes in %d dimensions, got header=%08X"
                            .formatted(rank, magic));
        }
        int[] shape = new int[rank];
        long size = 1;
        for (int i = 0; i < rank; i++) {
            shape[i] = header.getInt();
            size = shape[i] < 0 || size > Integer.MAX_VALUE ? -1 : size * shape[i];
        }
        if (size < 0 || size > Integer.MAX_VALUE - 8) {
            throw new DataException(
                    file.toString(),
                    "must fit into memory, got dimensions=" + Arrays.toString(shape));
        }
        byte[] values = in.readNBytes((int) size);
        if (values.length != size || in.read() >= 0) {
            throw new DataException(
                    file.toString(),
                    "must hold exactly %d bytes after its header, got %s"
                            .formatted(size, values.length < size ? values.length : "more"));
        }
        return new IdxFile(shape, values);
    }
}
