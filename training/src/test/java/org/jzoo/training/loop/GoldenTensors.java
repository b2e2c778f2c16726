package org.jzoo.training.loop;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The float32 and int64 arrays of a safetensors resource, flat. */
final class GoldenTensors {

    private final ByteBuffer data;
    private final Map<String, JsonObject> entries = new TreeMap<>();

    GoldenTensors(String resource) {
        try (InputStream in = GoldenTensors.class.getResourceAsStream(resource)) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(file.getLong())];
            file.get(header);
            data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
            JsonObject json =
                    JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                            .getAsJsonObject();
            for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
                if (!entry.getKey().equals("__metadata__")) {
                    entries.put(entry.getKey(), entry.getValue().getAsJsonObject());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Iterable<String> names() {
        return entries.keySet();
    }

    private ByteBuffer bytes(String name) {
        JsonArray offsets = entries.get(name).getAsJsonArray("data_offsets");
        int start = offsets.get(0).getAsInt();
        return data.slice(start, offsets.get(1).getAsInt() - start).order(ByteOrder.LITTLE_ENDIAN);
    }

    float[] floats(String name) {
        ByteBuffer bytes = bytes(name);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    long[] longs(String name) {
        ByteBuffer bytes = bytes(name);
        long[] values = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(values);
        return values;
    }
}
