package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** The JSON of one file. */
record SafetensorsHeader(
        Path file, NavigableMap<String, TensorEntry> entries, Map<String, String> metadata) {

    private static final String METADATA = "__metadata__";

    void parse(ByteBuffer bytes) throws IOException, MalformedModelException {
        Safetensors.check(bytes.get(0) == '{', file, "the header must begin with {");
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedModelException(file + ": the header must be UTF-8", e);
        }
        try (JsonReader json = new JsonReader(new StringReader(text.stripTrailing()))) {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (name.equals(METADATA)) {
                    Safetensors.check(
                            metadata.isEmpty(), file, "%s must appear once".formatted(METADATA));
                    readMetadata(json);
                } else {
                    readEntry(json, name);
                }
            }
            json.endObject();
            Safetensors.check(
                    json.peek() == JsonToken.END_DOCUMENT, file, "the header must end at }");
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new MalformedModelException(
                    file + ": the header must be JSON, got " + e.getMessage(), e);
        }
    }

    private void readMetadata(JsonReader json) throws IOException, MalformedModelException {
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            Safetensors.check(
                    json.peek() == JsonToken.STRING,
                    file,
                    "metadata %s must be a string, got %s".formatted(key, json.peek()));
            Safetensors.check(
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
            Safetensors.check(
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
        Safetensors.check(
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
        Safetensors.check(
                entry.end() == range.get(1),
                file,
                "tensor %s of type %s and shape %s must have %d bytes, got data_offsets=%s"
                        .formatted(name, type, entry.shape(), entry.byteSize(), range));
        Safetensors.check(
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
            Safetensors.check(
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
