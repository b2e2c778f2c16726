package org.jzoo.zoo.document;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/** Turns a piece of text into tokens without any that stand for the beginning or end of a text. */
@FunctionalInterface
public interface TextTokens {

    /** The tokens, their offsets counted in {@code char}s of the piece. */
    TokenizedText of(String piece);

    /** Those of a tokenizer, of any number. */
    static TextTokens of(TextTokenizer tokenizer) {
        Objects.requireNonNull(tokenizer, "tokenizer");
        return tokenizer::encodePlain;
    }

    /**
     * A token for each byte of the text in UTF-8: the byte's value and {@code first}. Bytes of one
     * character have its offsets.
     */
    static TextTokens bytes(int first) {
        return piece -> {
            byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
            long[] ids = new long[bytes.length];
            int[] starts = new int[bytes.length];
            int[] ends = new int[bytes.length];
            int b = 0;
            for (int i = 0; i < piece.length(); ) {
                int point = piece.codePointAt(i);
                int next = i + Character.charCount(point);
                int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                for (int k = 0; k < size; k++, b++) {
                    ids[b] = (long) first + (bytes[b] & 0xFF);
                    starts[b] = i;
                    ends[b] = next;
                }
                i = next;
            }
            return new TokenizedText(ids, new long[b], starts, ends, b);
        };
    }
}
