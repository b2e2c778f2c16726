package org.jzoo.zoo.text;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A WordPiece {@code tokenizer.json} with fewer tokens: what is kept are special tokens, single
 * characters, and the tokens that are asked for. Texts of kept tokens are cut as before; other
 * words fall into shorter pieces.
 */
public final class WordPieceVocabulary {

    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private WordPieceVocabulary() {}

    /**
     * A smaller tokenizer.
     *
     * @param json the bytes of its {@code tokenizer.json}
     * @param rows the old id of each new one, ascending: the rows of the token table that stay
     */
    @SuppressWarnings("ArrayRecordComponent") // Files and rows: equality is never asked for.
    public record Reduced(byte[] json, int[] rows) {

        /** The new id of an old one, or -1. */
        public int newId(int old) {
            return Math.max(-1, Arrays.binarySearch(rows, old));
        }
    }

    /** Whether this {@code tokenizer.json} is of the kind that can be reduced. */
    public static boolean isReducible(byte[] json) {
        JsonObject file = parse(json);
        JsonObject model = file.has("model") ? file.getAsJsonObject("model") : new JsonObject();
        return model.has("type") && model.get("type").getAsString().equals("WordPiece");
    }

    /**
     * Keeps some tokens.
     *
     * @param json the bytes of {@code tokenizer.json}
     * @param used the ids to keep, beside special tokens and single characters
     * @throws IllegalArgumentException if it is no WordPiece tokenizer
     */
    public static Reduced keep(byte[] json, BitSet used) {
        if (!isReducible(json)) {
            throw new IllegalArgumentException(
                    "tokenizer must be of WordPiece to lose tokens, got another kind");
        }
        JsonObject file = parse(json);
        JsonObject model = file.getAsJsonObject("model");
        String prefix = model.get("continuing_subword_prefix").getAsString();
        BitSet kept = (BitSet) used.clone();
        for (JsonElement token : file.getAsJsonArray("added_tokens")) {
            kept.set(token.getAsJsonObject().get("id").getAsInt());
        }
        Map<Integer, String> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonElement> each : model.getAsJsonObject("vocab").entrySet()) {
            String token = each.getKey();
            String bare = token.startsWith(prefix) ? token.substring(prefix.length()) : token;
            int id = each.getValue().getAsInt();
            if (kept.get(id) || bare.codePointCount(0, bare.length()) == 1) {
                tokens.put(id, token);
            }
        }
        int[] rows = tokens.keySet().stream().mapToInt(Integer::intValue).toArray();
        Map<Integer, Integer> newIds = new HashMap<>();
        JsonObject vocabulary = new JsonObject();
        tokens.forEach(
                (id, token) -> {
                    newIds.put(id, newIds.size());
                    vocabulary.addProperty(token, newIds.get(id));
                });
        model.add("vocab", vocabulary);
        for (JsonElement token : file.getAsJsonArray("added_tokens")) {
            JsonObject added = token.getAsJsonObject();
            added.addProperty("id", newIds.get(added.get("id").getAsInt()));
        }
        renumberFrame(file.get("post_processor"), newIds);
        return new Reduced(GSON.toJson(file).getBytes(StandardCharsets.UTF_8), rows);
    }

    private static JsonObject parse(byte[] json) {
        return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    // What stands around texts: a template with tables of ids, or BERT's two pairs of token and id.
    private static void renumberFrame(JsonElement processor, Map<Integer, Integer> newIds) {
        if (processor == null || !processor.isJsonObject()) {
            return;
        }
        JsonObject frame = processor.getAsJsonObject();
        if (frame.has("special_tokens")) {
            for (Map.Entry<String, JsonElement> each :
                    frame.getAsJsonObject("special_tokens").entrySet()) {
                JsonArray ids = each.getValue().getAsJsonObject().getAsJsonArray("ids");
                for (int i = 0; i < ids.size(); i++) {
                    ids.set(i, GSON.toJsonTree(newIds.get(ids.get(i).getAsInt())));
                }
            }
        }
        for (String name : new String[] {"sep", "cls"}) {
            if (frame.has(name)) {
                JsonArray pair = frame.getAsJsonArray(name);
                pair.set(1, GSON.toJsonTree(newIds.get(pair.get(1).getAsInt())));
            }
        }
    }
}
