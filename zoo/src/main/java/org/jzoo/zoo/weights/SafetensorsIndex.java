package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The JSON of a split folder: the file of each tensor. */
record SafetensorsIndex(Path file) {

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
            Safetensors.check(
                    json.peek() == JsonToken.END_DOCUMENT, file, "the index must end at }");
        } catch (com.google.gson.stream.MalformedJsonException
                | java.io.EOFException
                | CharacterCodingException
                | IllegalStateException e) {
            throw new MalformedModelException(
                    file + ": the index must be JSON, got " + e.getMessage(), e);
        }
        Safetensors.check(!fileOf.isEmpty(), file, "weight_map must name at least one tensor");
        return fileOf;
    }

    private void add(Map<String, String> fileOf, String tensor, String shard)
            throws MalformedModelException {
        Safetensors.check(
                shard.matches("[^/\\\\]+\\.safetensors"),
                file,
                "the file of tensor %s must be a .safetensors file beside the index, got %s"
                        .formatted(tensor, shard));
        Safetensors.check(
                fileOf.put(tensor, shard) == null,
                file,
                "tensor %s must appear once".formatted(tensor));
    }
}
