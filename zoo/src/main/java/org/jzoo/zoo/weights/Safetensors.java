package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A safetensors file, or a folder of them, mapped into memory: opening reads the header alone,
 * elements are paged in when a tensor is asked for.
 *
 * <p>The file is 8 bytes with the header's length N, N bytes of JSON that give each tensor's type,
 * shape and byte range, then the bytes. Everything is checked on opening: the ranges must follow
 * one another without gap or overlap to the last byte of the file, and each must be as long as its
 * shape says. A flipped bit among the elements is beyond the format: see {@link Checksums}.
 *
 * <p>The mapping is released when the garbage collector finds the object unused; the file must not
 * be shortened in place before. Replacing it by a move is safe.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The format</a>
 */
public final class Safetensors implements TensorSource {

    /** The name of a model folder's only weight file. */
    public static final String FILE_NAME = "model.safetensors";

    /** The name of the file that says which of a folder's weight files holds which tensor. */
    public static final String INDEX_NAME = "model.safetensors.index.json";

    private static final long MAX_HEADER = 100_000_000;

    private final String origin;
    private final NavigableMap<String, TensorEntry> entries;
    private final Map<String, String> metadata;
    private final Map<String, List<ByteBuffer>> segments;

    private Safetensors(
            String origin,
            NavigableMap<String, TensorEntry> entries,
            Map<String, String> metadata,
            Map<String, List<ByteBuffer>> segments) {
        this.origin = origin;
        this.entries = Collections.unmodifiableNavigableMap(entries);
        this.metadata = Collections.unmodifiableMap(metadata);
        this.segments = segments;
    }

    /**
     * Opens a safetensors file, or a folder that holds {@value #FILE_NAME} or, when split over
     * several files, {@value #INDEX_NAME}.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws MalformedModelException if a file breaks the format, or the index and its files
     *     disagree
     * @throws IOException if a file cannot be read
     */
    public static Safetensors open(Path path) throws IOException, MalformedModelException {
        if (!Files.isDirectory(path)) {
            return openFile(path);
        }
        Path index = path.resolve(INDEX_NAME);
        Path single = path.resolve(FILE_NAME);
        return Files.exists(index) && !Files.exists(single)
                ? openShards(path, index)
                : openFile(single);
    }

    /** Free text that came with the tensors, by key; empty if none did. Unmodifiable. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public NavigableMap<String, TensorEntry> entries() {
        return entries;
    }

    @Override
    public List<ByteBuffer> segments(String name) {
        entry(name);
        return segments.get(name).stream()
                .map(segment -> segment.duplicate().order(ByteOrder.LITTLE_ENDIAN))
                .toList();
    }

    private static Safetensors openFile(Path file) throws IOException, MalformedModelException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            check(size >= 8, file, "the file must hold at least 8 bytes, got %d".formatted(size));
            long length = read(channel, 0, 8).getLong();
            check(
                    length >= 2 && length <= MAX_HEADER && length <= size - 8,
                    file,
                    "the header's length must be in [2, %d], got %d"
                            .formatted(Math.min(MAX_HEADER, size - 8), length));
            ByteBuffer json = read(channel, 8, (int) length);
            NavigableMap<String, TensorEntry> entries = new TreeMap<>();
            Map<String, String> metadata = new TreeMap<>();
            new SafetensorsHeader(file, entries, metadata).parse(json);
            List<TensorEntry> ordered = contiguous(file, entries, size - 8 - length);
            return new Safetensors(
                    file.toString(), entries, metadata, map(channel, 8 + length, ordered));
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int count)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    /** The entries in the order of their bytes, which must fill the data section exactly. */
    private static List<TensorEntry> contiguous(
            Path file, Map<String, TensorEntry> entries, long dataSize)
            throws MalformedModelException {
        List<TensorEntry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
        long position = 0;
        for (TensorEntry entry : ordered) {
            check(
                    entry.begin() == position,
                    file,
                    "tensor %s must begin where the one before ends, at %d, got %d"
                            .formatted(entry.name(), position, entry.begin()));
            position = entry.end();
        }
        check(
                position == dataSize,
                file,
                "the tensors must fill the data section of %d bytes, got %d"
                        .formatted(dataSize, position));
        return ordered;
    }

    // Neighbours share a mapping of up to one segment; a tensor longer than that has its own.
    private static Map<String, List<ByteBuffer>> map(
            FileChannel channel, long base, List<TensorEntry> ordered) throws IOException {
        Map<String, List<ByteBuffer>> segments = new HashMap<>();
        int first = 0;
        while (first < ordered.size()) {
            long begin = ordered.get(first).begin();
            int last = first;
            while (last + 1 < ordered.size()
                    && ordered.get(last + 1).end() - begin <= SEGMENT_BYTES) {
                last++;
            }
            List<ByteBuffer> window = new ArrayList<>();
            for (long at = begin; at < ordered.get(last).end(); at += SEGMENT_BYTES) {
                long count = Math.min(SEGMENT_BYTES, ordered.get(last).end() - at);
                window.add(channel.map(FileChannel.MapMode.READ_ONLY, base + at, count));
            }
            for (TensorEntry entry : ordered.subList(first, last + 1)) {
                segments.put(entry.name(), slices(window, entry, begin));
            }
            first = last + 1;
        }
        return segments;
    }

    private static List<ByteBuffer> slices(List<ByteBuffer> window, TensorEntry entry, long begin) {
        if (entry.byteSize() == 0) {
            return List.of();
        }
        if (window.size() > 1) {
            return window;
        }
        return List.of(window.get(0).slice((int) (entry.begin() - begin), (int) entry.byteSize()));
    }

    private static Safetensors openShards(Path folder, Path index)
            throws IOException, MalformedModelException {
        Map<String, String> fileOf = new SafetensorsIndex(index).parse();
        NavigableMap<String, TensorEntry> entries = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        Map<String, List<ByteBuffer>> segments = new HashMap<>();
        Set<String> files = new HashSet<>(fileOf.values());
        for (String name : files.stream().sorted().toList()) {
            Safetensors shard = openFile(folder.resolve(name));
            for (TensorEntry entry : shard.entries.values()) {
                String expected = fileOf.get(entry.name());
                check(
                        name.equals(expected),
                        index,
                        "tensor %s of %s must be listed there, got %s"
                                .formatted(entry.name(), name, expected));
            }
            entries.putAll(shard.entries);
            metadata.putAll(shard.metadata);
            segments.putAll(shard.segments);
        }
        for (Map.Entry<String, String> listed : fileOf.entrySet()) {
            check(
                    entries.containsKey(listed.getKey()),
                    index,
                    "tensor %s must be in %s, got none"
                            .formatted(listed.getKey(), listed.getValue()));
        }
        return new Safetensors(folder.toString(), entries, metadata, segments);
    }

    static void check(boolean holds, Path file, String message) throws MalformedModelException {
        if (!holds) {
            throw new MalformedModelException(file + ": " + message);
        }
    }
}
