package org.jzoo.datasets.split;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import org.jzoo.datasets.text.TextExample;

/**
 * The first 128 bits of the SHA-256 of an example's normalised texts: compatibility forms unified
 * (NFKC), lower case, white space runs as one space. The label does not count.
 */
record TextHash(long high, long low) {

    static TextHash of(TextExample example) {
        // U+0000 cannot come out of normalised words: it keeps ("a", "b c") from ("a b", "c").
        String all =
                example.pair() == null
                        ? normalize(example.text())
                        : normalize(example.text()) + '\0' + normalize(example.pair());
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(all.getBytes(StandardCharsets.UTF_8));
            ByteBuffer buffer = ByteBuffer.wrap(digest);
            return new TextHash(buffer.getLong(), buffer.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 must be there on every Java platform", e);
        }
    }

    static String normalize(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceAll("\\s+", " ");
    }
}
