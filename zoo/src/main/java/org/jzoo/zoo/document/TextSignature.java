package org.jzoo.zoo.document;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the first bytes say a file is.
 *
 * @param encoding of its byte-order mark, or null
 * @param markLength bytes of the mark
 * @param refusal what it is if it is no text, or null
 */
record TextSignature(Charset encoding, int markLength, String refusal) {

    private static final int SAMPLE = 8192;
    private static final String UNMARKED_UTF16 =
            "UTF-16 without a byte-order mark (every other byte is 0); name its encoding";

    private record Known(String description, int... bytes) {}

    private static final List<Known> KNOWN =
            List.of(
                    new Known("a PDF; its text must be extracted first", '%', 'P', 'D', 'F', '-'),
                    new Known("a ZIP archive (also DOCX, EPUB, JAR)", 'P', 'K', 3, 4),
                    new Known("a gzip file; unpack it first", 0x1F, 0x8B),
                    new Known("a PNG picture", 0x89, 'P', 'N', 'G'),
                    new Known("a JPEG picture", 0xFF, 0xD8, 0xFF),
                    new Known("a program", 0x7F, 'E', 'L', 'F'),
                    new Known("a Java class", 0xCA, 0xFE, 0xBA, 0xBE),
                    new Known("an Office document of the old kind", 0xD0, 0xCF, 0x11, 0xE0));

    /** Looks at the bytes between position and limit. */
    static TextSignature of(ByteBuffer bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return new TextSignature(StandardCharsets.UTF_8, 3, null);
        }
        if (startsWith(bytes, 0xFF, 0xFE, 0, 0) || startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
            return new TextSignature(null, 0, "UTF-32; save it as UTF-8");
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return new TextSignature(StandardCharsets.UTF_16LE, 2, null);
        }
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return new TextSignature(StandardCharsets.UTF_16BE, 2, null);
        }
        for (Known known : KNOWN) {
            if (startsWith(bytes, known.bytes)) {
                return new TextSignature(null, 0, known.description);
            }
        }
        return new TextSignature(null, 0, zeros(bytes));
    }

    private static String zeros(ByteBuffer bytes) {
        int length = Math.min(SAMPLE, bytes.remaining());
        int[] zeros = new int[2];
        int first = -1;
        for (int i = 0; i < length; i++) {
            if (bytes.get(bytes.position() + i) == 0) {
                zeros[i % 2]++;
                first = first < 0 ? i : first;
            }
        }
        if (first < 0) {
            return null;
        }
        int most = Math.max(zeros[0], zeros[1]);
        boolean alternating = most > 2 && most > 0.4 * length / 2;
        return alternating && Math.min(zeros[0], zeros[1]) == 0
                ? UNMARKED_UTF16
                : "binary data (a byte 0 at " + first + ")";
    }

    private static boolean startsWith(ByteBuffer bytes, int... start) {
        if (bytes.remaining() < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((bytes.get(bytes.position() + i) & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** Refuses what is no text. */
    void check(String name) throws TextFormatException {
        if (refusal != null) {
            throw new TextFormatException("%s must be text, got %s".formatted(name, refusal));
        }
    }

    static String hex(ByteBuffer bytes, int from, int length) {
        StringBuilder hex = new StringBuilder();
        for (int i = from; i < Math.min(from + length, bytes.limit()); i++) {
            hex.append(hex.isEmpty() ? "" : " ").append("%02X".formatted(bytes.get(i)));
        }
        return hex.toString();
    }
}
