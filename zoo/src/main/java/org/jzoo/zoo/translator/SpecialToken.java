package org.jzoo.zoo.translator;

import com.google.gson.stream.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A token with a meaning of its own.
 *
 * @param id its number
 * @param content how it is written in a text
 */
record SpecialToken(long id, String content) {

    private static final Set<String> MASKS = Set.of("[MASK]", "<mask>");

    boolean is(long other) {
        return id == other;
    }

    /**
     * The mask of a tokenizer.
     *
     * @param json the bytes of {@code tokenizer.json}
     * @throws IllegalArgumentException if it has none
     */
    static SpecialToken mask(byte[] json) {
        List<SpecialToken> added = added(json);
        return added.stream()
                .filter(token -> MASKS.contains(token.content()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "tokenizer must have a mask token %s, got the added tokens %s"
                                                .formatted(MASKS, added)));
    }

    private static List<SpecialToken> added(byte[] json) {
        List<SpecialToken> tokens = new ArrayList<>();
        try (JsonReader in =
                new JsonReader(
                        new InputStreamReader(
                                new ByteArrayInputStream(json), StandardCharsets.UTF_8))) {
            in.beginObject();
            while (in.hasNext()) {
                if (in.nextName().equals("added_tokens")) {
                    in.beginArray();
                    while (in.hasNext()) {
                        tokens.add(token(in));
                    }
                    in.endArray();
                } else {
                    in.skipValue();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tokens;
    }

    private static SpecialToken token(JsonReader in) throws IOException {
        long id = -1;
        String content = "";
        in.beginObject();
        while (in.hasNext()) {
            switch (in.nextName()) {
                case "id" -> id = in.nextLong();
                case "content" -> content = in.nextString();
                default -> in.skipValue();
            }
        }
        in.endObject();
        return new SpecialToken(id, content);
    }
}
