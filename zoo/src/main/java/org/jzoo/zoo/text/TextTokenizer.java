package org.jzoo.zoo.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.kernel.Telemetry;

/**
 * A published {@code tokenizer.json} with a length limit of its own: what the file says of
 * truncation and padding is overridden. Safe to use from many threads.
 */
public final class TextTokenizer implements AutoCloseable {

    private final byte[] json;
    private final int maxLength;
    private final HuggingFaceTokenizer whole;
    private final HuggingFaceTokenizer cutting;

    private TextTokenizer(
            byte[] json, int maxLength, HuggingFaceTokenizer whole, HuggingFaceTokenizer cutting) {
        this.json = json;
        this.maxLength = maxLength;
        this.whole = whole;
        this.cutting = cutting;
    }

    /**
     * Reads a tokenizer.
     *
     * @param json the bytes of {@code tokenizer.json}
     * @param maxLength tokens of the longest result, special tokens included, at least 3
     * @throws IllegalArgumentException if {@code maxLength} is too small or the bytes are no
     *     tokenizer
     */
    public static TextTokenizer of(byte[] json, int maxLength) {
        if (maxLength < 3) {
            throw new IllegalArgumentException(
                    "maxLength must be >= 3, got maxLength=" + maxLength);
        }
        HuggingFaceTokenizer whole = open(json, Map.of("truncation", "false", "padding", "false"));
        HuggingFaceTokenizer cutting =
                open(
                        json,
                        Map.of(
                                "truncation",
                                "true",
                                "padding",
                                "false",
                                "maxLength",
                                Integer.toString(maxLength),
                                "modelMaxLength",
                                Integer.toString(maxLength)));
        return new TextTokenizer(json.clone(), maxLength, whole, cutting);
    }

    /** Reads the file of that path; see {@link #of(byte[], int)}. */
    public static TextTokenizer of(Path file, int maxLength) throws IOException {
        return of(Files.readAllBytes(file), maxLength);
    }

    private static HuggingFaceTokenizer open(byte[] json, Map<String, String> options) {
        Telemetry.optOut();
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "not a tokenizer.json (%d bytes): %s".formatted(json.length, e.getMessage()),
                    e);
        }
    }

    /** The same tokenizer with another limit; close both. */
    public TextTokenizer withMaxLength(int newMaxLength) {
        return of(json, newMaxLength);
    }

    /** Another of the same; close both. */
    public TextTokenizer copy() {
        return of(json, maxLength);
    }

    /** Tokens of the longest result. */
    public int maxLength() {
        return maxLength;
    }

    /** The bytes of {@code tokenizer.json}. */
    public byte[] json() {
        return json.clone();
    }

    /** Turns a text into tokens. */
    public TokenizedText encode(String text) {
        return encode(text, null);
    }

    /**
     * Turns a text, or a pair of texts, into tokens. What is too long is cut at the end, of the
     * longer text first.
     *
     * @param pair the second text, or null
     */
    public TokenizedText encode(String text, String pair) {
        Objects.requireNonNull(text, "text");
        Encoding all = encode(whole, text, pair);
        int length = all.getIds().length;
        return length <= maxLength
                ? result(all, length)
                : result(encode(cutting, text, pair), length);
    }

    private static Encoding encode(HuggingFaceTokenizer tokenizer, String text, String pair) {
        return pair == null
                ? tokenizer.encode(text, true, false)
                : tokenizer.encode(text, pair, true, false);
    }

    private static TokenizedText result(Encoding encoding, int originalLength) {
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] starts = new int[spans.length];
        int[] ends = new int[spans.length];
        for (int i = 0; i < spans.length; i++) {
            starts[i] = spans[i] == null ? -1 : spans[i].getStart();
            ends[i] = spans[i] == null ? -1 : spans[i].getEnd();
        }
        return new TokenizedText(
                encoding.getIds(), encoding.getTypeIds(), starts, ends, originalLength);
    }

    /**
     * Turns a text into all its tokens without any that stand for its beginning or end, however
     * many they are.
     *
     * @return tokens whose offsets count {@code char}s of the text
     */
    public TokenizedText encodePlain(String text) {
        Objects.requireNonNull(text, "text");
        Encoding all = whole.encode(text, false, false);
        TokenizedText tokens = result(all, all.getIds().length);
        toCharacters(text, tokens.starts());
        toCharacters(text, tokens.ends());
        return tokens;
    }

    // Tokenizers count code points.
    private static void toCharacters(String text, int[] offsets) {
        int point = 0;
        int index = 0;
        for (int i = 0; i < offsets.length; i++) {
            int wanted = Math.max(0, offsets[i]);
            index = text.offsetByCodePoints(index, wanted - point);
            point = wanted;
            offsets[i] = index;
        }
    }

    /** Turns token ids into text; special tokens are left out. */
    public String decode(long[] ids) {
        return whole.decode(ids, true);
    }

    /** Frees the native tokenizers. */
    @Override
    public void close() {
        whole.close();
        cutting.close();
    }
}
