package org.jzoo.zoo.translator;

import ai.djl.modality.Input;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.BytesSupplier;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jzoo.zoo.image.Pictures;

/**
 * A request that is a JSON object of texts and pictures. What is null counts as left out.
 *
 * @param body the object
 * @param format what messages say that a request must be
 */
record JsonRequest(JsonObject body, String format) {

    /** What a request of any kind holds. */
    static BytesSupplier sent(Input input) throws TranslateException {
        BytesSupplier data = input.getContent().isEmpty() ? null : input.getData();
        if (data == null) {
            throw new TranslateException("request must have a body, got none");
        }
        return data;
    }

    /** Reads a request's body. */
    static JsonRequest of(Input input, String format) throws TranslateException {
        String text = sent(input).getAsString();
        try {
            JsonElement body = JsonParser.parseString(text);
            if (body.isJsonObject()) {
                return new JsonRequest(body.getAsJsonObject(), format);
            }
        } catch (JsonParseException e) {
            throw new TranslateException(format + ", got no JSON: " + e.getMessage(), e);
        }
        throw new TranslateException(format + ", got no object");
    }

    private TranslateException refused(String key) {
        String got = body.has(key) ? key + " of another kind" : "no " + key;
        return new TranslateException(format + ", got " + got);
    }

    /** The text of that name; null if it is left out. */
    String text(String key) throws TranslateException {
        JsonElement value = body.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!isText(value)) {
            throw refused(key);
        }
        return value.getAsString();
    }

    /** The texts of that name, which must be there. */
    List<String> texts(String key) throws TranslateException {
        JsonElement value = body.get(key);
        if (value == null || !value.isJsonArray()) {
            throw refused(key);
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement text : value.getAsJsonArray()) {
            if (!isText(text)) {
                throw refused(key);
            }
            texts.add(text.getAsString());
        }
        return texts;
    }

    /** The picture of that name, in base64; null if it is left out. */
    Image picture(String key) throws TranslateException {
        String encoded = text(key);
        if (encoded == null) {
            return null;
        }
        try {
            return Pictures.read(key, Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw new TranslateException(
                    "%s must be base64, got: %s".formatted(key, e.getMessage()), e);
        } catch (IOException e) {
            throw new TranslateException(e.getMessage(), e);
        }
    }

    static boolean isText(JsonElement element) {
        return element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isString();
    }
}
