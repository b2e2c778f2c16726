package org.jzoo.zoo.weights;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.file.AtomicFile;

/**
 * Writes safetensors files, one tensor at a time.
 *
 * <p>The bytes depend on names, types, shapes, values and metadata alone: tensors lie in the order
 * of the published writer (widest type first, then by name), metadata keys are sorted, and the
 * header is padded with spaces to a multiple of 8, so that every element is aligned.
 */
public final class SafetensorsWriter {

    private static final int CHUNK = 1 << 22;

    private SafetensorsWriter() {}

    /**
     * Writes all tensors of {@code source} to {@code file} in their own types, with the metadata
     * {@code format=pt} that other readers look for.
     *
     * @throws IOException if the folder cannot be written or the disk is full; an old file is then
     *     untouched
     */
    public static void write(Path file, TensorSource source) throws IOException {
        write(file, source, Map.of("format", "pt"), TensorType.F32);
    }

    /**
     * Writes all tensors of {@code source} to {@code file}.
     *
     * @param metadata free text by key; none is written if empty
     * @param floats what F32 tensors become: F32, F16 or BF16, rounded to the nearest value and to
     *     even in a tie; other types are kept
     * @throws IllegalArgumentException if {@code floats} is another type, or a finite value is too
     *     large for it (65,504 is the largest F16); an old file is then untouched
     * @throws IOException if the folder cannot be written or the disk is full; an old file is then
     *     untouched
     */
    public static void write(
            Path file, TensorSource source, Map<String, String> metadata, TensorType floats)
            throws IOException {
        if (!floats.fitsFloat()) {
            throw new IllegalArgumentException(
                    "floats must be F32, F16 or BF16, got floats=" + floats);
        }
        List<TensorEntry> plan = plan(source, floats);
        ByteBuffer header = header(plan, metadata);
        AtomicFile.write(
                file,
                channel -> {
                    writeFully(channel, header);
                    for (TensorEntry entry : plan) {
                        writeTensor(channel, source, entry);
                    }
                });
    }

    private static List<TensorEntry> plan(TensorSource source, TensorType floats) {
        List<TensorEntry> ordered = new ArrayList<>();
        for (TensorEntry entry : source.entries().values()) {
            TensorType type = entry.type() == TensorType.F32 ? floats : entry.type();
            ordered.add(new TensorEntry(entry.name(), type, entry.shape(), 0));
        }
        ordered.sort(
                Comparator.comparing(TensorEntry::type, Comparator.reverseOrder())
                        .thenComparing(TensorEntry::name));
        List<TensorEntry> plan = new ArrayList<>();
        long begin = 0;
        for (TensorEntry entry : ordered) {
            TensorEntry placed = new TensorEntry(entry.name(), entry.type(), entry.shape(), begin);
            plan.add(placed);
            begin = placed.end();
        }
        return plan;
    }

    private static ByteBuffer header(List<TensorEntry> plan, Map<String, String> metadata)
            throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name("__metadata__").beginObject();
                for (Map.Entry<String, String> item : new TreeMap<>(metadata).entrySet()) {
                    json.name(item.getKey()).value(item.getValue());
                }
                json.endObject();
            }
            for (TensorEntry entry : plan) {
                json.name(entry.name()).beginObject();
                json.name("dtype").value(entry.type().name());
                json.name("shape").beginArray();
                for (long dimension : entry.shape().getShape()) {
                    json.value(dimension);
                }
                json.endArray();
                json.name("data_offsets").beginArray();
                json.value(entry.begin()).value(entry.end()).endArray();
                json.endObject();
            }
            json.endObject();
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (bytes.length + 7) / 8 * 8;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(bytes);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeTensor(FileChannel channel, TensorSource source, TensorEntry entry)
            throws IOException {
        boolean same = source.entry(entry.name()).type() == entry.type();
        long before = channel.position();
        ByteBuffer chunk = null;
        for (ByteBuffer segment : source.segments(entry.name())) {
            ByteBuffer bytes = segment.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            if (same) {
                writeFully(channel, bytes);
                continue;
            }
            while (bytes.hasRemaining()) {
                if (chunk == null) {
                    int size = (int) Math.min(CHUNK, entry.byteSize());
                    chunk = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
                }
                narrow(entry, bytes, chunk.clear());
                writeFully(channel, chunk.flip());
            }
        }
        if (channel.position() - before != entry.byteSize()) {
            throw new IllegalStateException(
                    "tensor %s of %s must have %d bytes, got %d"
                            .formatted(
                                    entry.name(),
                                    source.origin(),
                                    entry.byteSize(),
                                    channel.position() - before));
        }
    }

    private static void narrow(TensorEntry entry, ByteBuffer source, ByteBuffer target) {
        try {
            Elements.narrow(entry.type(), source, target);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tensor " + entry.name() + ": " + e.getMessage(), e);
        }
    }

    // In chunks, since a channel copies heap buffers to direct memory of their whole size.
    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + CHUNK));
            channel.write(bytes);
        }
    }
}
