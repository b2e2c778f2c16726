package org.jzoo.examples.longqa;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** The name of {@link #bytes()}. */
    public static final String BYTES = "bytes";

    private static final String PADDING = "[PAD]";
    private static final int BYTE_VALUES = 256;
    private static final int ANY_LENGTH = 1 << 30;

    /**
     * That of a pretrained model on the class path, of a {@code tokenizer.json} by its path, or
     * {@link #bytes()} for "bytes".
     *
     * @throws IllegalArgumentException if there is no such model or file
     */
    public static TokenizerFile of(String model) throws IOException {
        if (model.equals(BYTES)) {
            return bytes();
        }
        if (model.endsWith(".json") && Files.isRegularFile(Path.of(model))) {
            return of(Files.readAllBytes(Path.of(model)));
        }
        Pretrained pretrained =
                Pretrained.of(model)
                        .filter(Pretrained::isAvailable)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "tokenizer must be bytes, a .json file or of a"
                                                        + " pretrained model on the class path, got"
                                                        + " tokenizer="
                                                        + model));
        try (InputStream in =
                Pretrained.class.getResourceAsStream(pretrained.tokenizerResource())) {
            return of(in.readAllBytes());
        }
    }

    /** UTF-8 bytes as tokens: byte b has id b + 1, {@code [PAD]} has 0. */
    public static TokenizerFile bytes() {
        JsonObject vocabulary = new JsonObject();
        vocabulary.addProperty(PADDING, 0);
        int others = 0;
        for (int b = 0; b < BYTE_VALUES; b++) {
            boolean shown = (b > ' ' && b <= '~') || (b >= '\u00A1' && b != '\u00AD');
            char name = (char) (shown ? b : BYTE_VALUES + others++); // as byte-level tokenizers do
            vocabulary.addProperty(String.valueOf(name), b + 1);
        }
        JsonObject padding = new JsonObject();
        padding.addProperty("id", 0);
        padding.addProperty("content", PADDING);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            padding.addProperty(flag, false);
        }
        padding.addProperty("special", true);
        JsonArray added = new JsonArray();
        added.add(padding);
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.add("vocab", vocabulary);
        model.add("merges", new JsonArray());
        JsonObject bytes = new JsonObject();
        bytes.addProperty("type", "ByteLevel");
        bytes.addProperty("add_prefix_space", false);
        bytes.addProperty("trim_offsets", false);
        bytes.addProperty("use_regex", true);
        JsonObject file = new JsonObject();
        file.addProperty("version", "1.0");
        file.add("added_tokens", added);
        file.add("pre_tokenizer", bytes);
        file.add("decoder", bytes);
        file.add("model", model);
        return of(file.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static TokenizerFile of(byte[] json) {
        if (!(read(json) instanceof JsonObject file)
                || !(file.get("model") instanceof JsonObject model)
                || !(model.get("vocab") instanceof JsonObject vocabulary)
                || !(file.get("added_tokens") instanceof JsonArray added)) {
            throw new IllegalArgumentException(
                    "tokenizer must have a vocabulary that names ids (BPE, WordPiece) and added"
                            + " tokens, got a file without");
        }
        int size = 0;
        for (JsonElement id : vocabulary.asMap().values()) {
            size = Math.max(size, id.getAsInt() + 1);
        }
        for (JsonElement token : added) {
            size = Math.max(size, token.getAsJsonObject().get("id").getAsInt() + 1);
        }
        JsonElement padding = vocabulary.get(PADDING);
        return new TokenizerFile(json, size, padding == null ? -1 : padding.getAsInt());
    }

    private static JsonElement read(byte[] json) {
        try {
            return JsonParser.parseString(new String(json, StandardCharsets.UTF_8));
        } catch (JsonParseException e) {
            return JsonNull.INSTANCE; // the caller says what is wanted
        }
    }

    /** The tokenizer, for texts of any length; the caller closes it. */
    public TextTokenizer open() {
        return TextTokenizer.of(json, ANY_LENGTH);
    }
}
