package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
    private static final String METADATA = "__metadata__";

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
            new Header(file, entries, metadata).parse(json);
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
        Map<String, String> fileOf = new Index(index).parse();
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

    private static void check(boolean holds, Path file, String message)
            throws MalformedModelException {
        if (!holds) {
            throw new MalformedModelException(file + ": " + message);
        }
    }

    /** The JSON of one file. */
    private record Header(
            Path file, NavigableMap<String, TensorEntry> entries, Map<String, String> metadata) {

        void parse(ByteBuffer bytes) throws IOException, MalformedModelException {
            check(bytes.get(0) == '{', file, "the header must begin with {");
            String text;
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            } catch (java.nio.charset.CharacterCodingException e) {
                throw new MalformedModelException(file + ": the header must be UTF-8", e);
            }
            try (JsonReader json = new JsonReader(new StringReader(text.stripTrailing()))) {
                json.beginObject();
                while (json.hasNext()) {
                    String name = json.nextName();
                    if (name.equals(METADATA)) {
                        check(metadata.isEmpty(), file, "%s must appear once".formatted(METADATA));
                        readMetadata(json);
                    } else {
                        readEntry(json, name);
                    }
                }
                json.endObject();
                check(json.peek() == JsonToken.END_DOCUMENT, file, "the header must end at }");
            } catch (IOException | IllegalStateException | NumberFormatException e) {
                throw new MalformedModelException(
                        file + ": the header must be JSON, got " + e.getMessage(), e);
            }
        }

        private void readMetadata(JsonReader json) throws IOException, MalformedModelException {
            json.beginObject();
            while (json.hasNext()) {
                String key = json.nextName();
                check(
                        json.peek() == JsonToken.STRING,
                        file,
                        "metadata %s must be a string, got %s".formatted(key, json.peek()));
                check(
                        metadata.put(key, json.nextString()) == null,
                        file,
                        "metadata %s must appear once".formatted(key));
            }
            json.endObject();
        }

        private void readEntry(JsonReader json, String name)
                throws IOException, MalformedModelException {
            TensorType type = null;
            List<Long> shape = null;
            List<Long> range = null;
            json.beginObject();
            while (json.hasNext()) {
                String key = json.nextName();
                boolean fresh =
                        switch (key) {
                            case "dtype" -> type == null;
                            case "shape" -> shape == null;
                            case "data_offsets" -> range == null;
                            default -> false;
                        };
                check(
                        fresh,
                        file,
                        "tensor %s must have no second or other key, got %s".formatted(name, key));
                switch (key) {
                    case "dtype" -> type = readType(json, name);
                    case "shape" -> shape = readNumbers(json, name, key);
                    default -> range = readNumbers(json, name, key);
                }
            }
            json.endObject();
            check(
                    type != null && shape != null && range != null && range.size() == 2,
                    file,
                    "tensor %s must have dtype, shape and two data_offsets, got %s, %s, %s"
                            .formatted(name, type, shape, range));
            add(name, type, shape, range);
        }

        private void add(String name, TensorType type, List<Long> dimensions, List<Long> range)
                throws MalformedModelException {
            TensorEntry entry;
            try {
                Shape shape = new Shape(dimensions);
                entry = new TensorEntry(name, type, shape, range.get(0));
            } catch (IllegalArgumentException e) {
                throw new MalformedModelException(file + ": tensor " + name + ": " + e, e);
            }
            check(
                    entry.end() == range.get(1),
                    file,
                    "tensor %s of type %s and shape %s must have %d bytes, got data_offsets=%s"
                            .formatted(name, type, entry.shape(), entry.byteSize(), range));
            check(
                    entries.put(name, entry) == null,
                    file,
                    "tensor %s must appear once".formatted(name));
        }

        private TensorType readType(JsonReader json, String name)
                throws IOException, MalformedModelException {
            String type = json.nextString();
            for (TensorType known : TensorType.values()) {
                if (known.name().equals(type)) {
                    return known;
                }
            }
            throw new MalformedModelException(
                    "%s: tensor %s must have a type of %s, got dtype=%s"
                            .formatted(file, name, List.of(TensorType.values()), type));
        }

        private List<Long> readNumbers(JsonReader json, String name, String key)
                throws IOException, MalformedModelException {
            List<Long> numbers = new ArrayList<>();
            json.beginArray();
            while (json.hasNext()) {
                boolean number = json.peek() == JsonToken.NUMBER;
                String text = json.nextString();
                check(
                        number && text.matches("0|[1-9][0-9]{0,18}"),
                        file,
                        "%s of tensor %s must be whole numbers in [0, 2^63), got %s"
                                .formatted(key, name, text));
                numbers.add(Long.parseLong(text));
            }
            json.endArray();
            return numbers;
        }
    }

    /** The JSON of a split folder: the file of each tensor. */
    private record Index(Path file) {

        Map<String, String> parse() throws IOException, MalformedModelException {
            Map<String, String> fileOf = new HashMap<>();
            try (JsonReader json = new JsonReader(Files.newBufferedReader(file))) {
                json.beginObject();
                while (json.hasNext()) {
                    if (json.nextName().equals("weight_map")) {
                        json.beginObject();
                        while (json.hasNext()) {
                            add(fileOf, json.nextName(), json.nextString());
                        }
                        json.endObject();
                    } else {
                        json.skipValue();
                    }
                }
                json.endObject();
                check(json.peek() == JsonToken.END_DOCUMENT, file, "the index must end at }");
            } catch (com.google.gson.stream.MalformedJsonException
                    | java.io.EOFException
                    | java.nio.charset.CharacterCodingException
                    | IllegalStateException e) {
                throw new MalformedModelException(
                        file + ": the index must be JSON, got " + e.getMessage(), e);
            }
            check(!fileOf.isEmpty(), file, "weight_map must name at least one tensor");
            return fileOf;
        }

        private void add(Map<String, String> fileOf, String tensor, String shard)
                throws MalformedModelException {
            check(
                    shard.matches("[^/\\\\]+\\.safetensors"),
                    file,
                    "the file of tensor %s must be a .safetensors file beside the index, got %s"
                            .formatted(tensor, shard));
            check(
                    fileOf.put(tensor, shard) == null,
                    file,
                    "tensor %s must appear once".formatted(tensor));
        }
    }
}
