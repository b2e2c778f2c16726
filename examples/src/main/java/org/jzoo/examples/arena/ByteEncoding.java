package org.jzoo.examples.arena;

import java.nio.charset.StandardCharsets;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.TextEncoding;

/**
 * UTF-8 bytes as tokens: byte b has id b + 1, padding 0, as the tokenizer "bytes" numbers them, but
 * a hundred times as fast.
 *
 * @param maxLength bytes that are kept, at least 1
 */
record ByteEncoding(int maxLength) implements TextEncoding {

    /** All bytes and padding. */
    static final int VOCABULARY = 257;

    @Override
    public Encoded encode(String text, String pairOrNull) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long[] ids = new long[Math.min(bytes.length, maxLength)]; // (T)
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Byte.toUnsignedLong(bytes[i]) + 1;
        }
        return new Encoded(ids, new long[ids.length], bytes.length);
    }
}
