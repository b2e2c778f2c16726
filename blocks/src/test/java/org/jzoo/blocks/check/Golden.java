package org.jzoo.blocks.check;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Reads the fixtures that a published implementation made, from the test resources. */
public final class Golden {

    private static final Map<String, DataType> TYPES =
            Map.of("F32", DataType.FLOAT32, "I64", DataType.INT64, "BOOL", DataType.BOOLEAN);

    private Golden() {}

    /** The tensors of {@code golden/folder/file.safetensors}, by name. */
    public static Map<String, NDArray> read(NDManager manager, String folder, String file) {
        ByteBuffer bytes = bytes("/golden/" + folder + "/" + file + ".safetensors");
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        JsonObject entries =
                JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                        .getAsJsonObject();
        entries.remove("__metadata__");
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        for (String name : entries.keySet()) {
            JsonObject entry = entries.getAsJsonObject(name);
            long[] offsets = longs(entry.getAsJsonArray("data_offsets"));
            ByteBuffer part =
                    data.slice((int) offsets[0], (int) (offsets[1] - offsets[0]))
                            .order(ByteOrder.LITTLE_ENDIAN);
            tensors.put(
                    name,
                    manager.create(
                            part,
                            new Shape(longs(entry.getAsJsonArray("shape"))),
                            TYPES.get(entry.get("dtype").getAsString())));
        }
        return tensors;
    }

    private static long[] longs(JsonArray array) {
        return LongStream.range(0, array.size()).map(i -> array.get((int) i).getAsLong()).toArray();
    }

    private static ByteBuffer bytes(String resource) {
        try (InputStream in = Golden.class.getResourceAsStream(resource)) {
            byte[] all = in.readAllBytes();
            return ByteBuffer.wrap(Arrays.copyOf(all, all.length)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
