package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The queries of a request.
 *
 * <p>A body of type {@code application/json} is a string, {@code {"text": …}}, {@code {"text": …,
 * "text_pair": …}}, an array of these, or any of these under the key {@code "inputs"}. A body of
 * another type is one text as it stands.
 *
 * @param queries at least one unless {@code many}
 * @param many whether the request was an array, and the response is to be one
 */
record JsonQueries(List<Query> queries, boolean many) {

    private static final String FORMAT =
            "request must be a text, {\"text\": …, \"text_pair\": …}, an array of these, or one of"
                    + " these under \"inputs\", got ";

    static JsonQueries of(Input input) throws TranslateException {
        String body = JsonRequest.sent(input).getAsString();
        String type = input.getProperty("Content-Type", "text/plain").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) {
            return new JsonQueries(List.of(Query.of(body)), false);
        }
        try {
            return ofTree(JsonParser.parseString(body));
        } catch (JsonParseException e) {
            throw new TranslateException(FORMAT + "no JSON: " + e.getMessage(), e);
        }
    }

    private static JsonQueries ofTree(JsonElement tree) throws TranslateException {
        JsonElement asked = tree;
        if (tree.isJsonObject() && tree.getAsJsonObject().has("inputs")) {
            asked = tree.getAsJsonObject().get("inputs");
        }
        if (!asked.isJsonArray()) {
            return new JsonQueries(List.of(query(asked)), false);
        }
        List<Query> queries = new ArrayList<>();
        for (JsonElement element : asked.getAsJsonArray()) {
            queries.add(query(element));
        }
        return new JsonQueries(queries, true);
    }

    private static Query query(JsonElement element) throws TranslateException {
        if (JsonRequest.isText(element)) {
            return Query.of(element.getAsString());
        }
        if (element.isJsonObject()) {
            JsonObject object = element.getAsJsonObject();
            if (JsonRequest.isText(object.get("text"))) {
                JsonElement pair = object.get("text_pair");
                if (pair == null || JsonRequest.isText(pair)) {
                    return new Query(
                            object.get("text").getAsString(),
                            pair == null ? null : pair.getAsString());
                }
            }
        }
        throw new TranslateException(FORMAT + element);
    }
}
