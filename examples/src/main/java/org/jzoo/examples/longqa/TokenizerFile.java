package org.jzoo.examples.longqa;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * A tokenizer for a model that starts fresh.
 *
 * @param json the bytes of {@code tokenizer.json}
 * @param vocabularySize one more than its greatest id
 * @param padding the id of {@code [PAD]}, or -1 without one
 */
public record TokenizerFile(byte[] json, int vocabularySize, int padding) {

    private static final int ANY_LENGTH = 1 << 30;

    /**
     * That of a pretrained model on the class path.
     *
     * @throws IllegalArgumentException if there is no such model
     */
    public static TokenizerFile of(String model) throws IOException {
        Pretrained pretrained =
                Pretrained.of(model)
                        .filter(Pretrained::isAvailable)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "tokenizer must be of a pretrained model on the"
                                                        + " class path, got tokenizer="
                                                        + model));
        try (InputStream in =
                Pretrained.class.getResourceAsStream(pretrained.tokenizerResource())) {
            return of(in.readAllBytes());
        }
    }

    private static TokenizerFile of(byte[] json) {
        JsonObject file =
                JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
        JsonObject vocabulary = file.getAsJsonObject("model").getAsJsonObject("vocab");
        int size = 0;
        for (JsonElement id : vocabulary.asMap().values()) {
            size = Math.max(size, id.getAsInt() + 1);
        }
        for (JsonElement token : file.getAsJsonArray("added_tokens")) {
            size = Math.max(size, token.getAsJsonObject().get("id").getAsInt() + 1);
        }
        JsonElement padding = vocabulary.get("[PAD]");
        return new TokenizerFile(json, size, padding == null ? -1 : padding.getAsInt());
    }

    /** The tokenizer, for texts of any length; the caller closes it. */
    public TextTokenizer open() {
        return TextTokenizer.of(json, ANY_LENGTH);
    }
}
