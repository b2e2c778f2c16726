package org.jzoo.datasets.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 strictly: skips a byte-order mark, and at a malformed byte first delivers every
 * character before it and then fails, so that the fault is met by the row that holds it.
 */
final class Utf8Reader extends Reader {

    /** More characters than a record may have: beyond it, a quote was opened and never closed. */
    static final int MAX_RECORD = 16 << 20;

    /** A fault in the text itself rather than in reading it. */
    static final class TextFault extends IOException {
        private static final long serialVersionUID = 1L;

        TextFault(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final int maxRecord;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).flip();
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer pair = CharBuffer.allocate(2);
    private long consumed;
    private long line = 1;
    private long delivered;
    private long recordStart;
    private boolean started;
    private boolean atEnd;

    Utf8Reader(InputStream in) {
        this(in, MAX_RECORD);
    }

    Utf8Reader(InputStream in, int maxRecord) {
        this.in = in;
        this.maxRecord = maxRecord;
        pair.limit(0);
    }

    /** Says that a record begins: what is delivered from here on counts towards its limit. */
    void startRecord() {
        recordStart = delivered;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!started) {
            skipByteOrderMark();
        }
        if (delivered - recordStart > maxRecord) {
            throw new TextFault(
                    "a record must be at most %d characters long; was a quote opened and not closed?"
                            .formatted(maxRecord));
        }
        int count = pair.hasRemaining() ? take(target, offset, length) : 0;
        while (count == 0) {
            CharBuffer chars = CharBuffer.wrap(target, offset, length);
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, chars, atEnd);
            consumed += bytes.position() - before;
            count = length - chars.remaining();
            if (count == 0) {
                if (result.isError()) {
                    throw malformed(result);
                } else if (result.isOverflow()) {
                    decodePair();
                    count = take(target, offset, length);
                } else if (atEnd) {
                    return -1;
                } else {
                    fill();
                }
            }
        }
        for (int i = offset; i < offset + count; i++) {
            if (target[i] == '\n') {
                line++;
            }
        }
        delivered += count;
        return count;
    }

    /** A surrogate pair did not fit into the one character asked for. */
    private void decodePair() {
        pair.clear();
        int before = bytes.position();
        decoder.decode(bytes, pair, atEnd);
        consumed += bytes.position() - before;
        pair.flip();
    }

    private int take(char[] target, int offset, int length) {
        int count = Math.min(length, pair.remaining());
        pair.get(target, offset, count);
        return count;
    }

    private TextFault malformed(CoderResult result) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < result.length(); i++) {
            hex.append(" %02X".formatted(bytes.get(bytes.position() + i)));
        }
        return new TextFault(
                "text must be valid UTF-8, got byte%s at offset %d, line %d; save the file as UTF-8"
                        .formatted(hex, consumed, line));
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            atEnd = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    private void skipByteOrderMark() throws IOException {
        started = true;
        while (bytes.remaining() < 3 && !atEnd) {
            fill();
        }
        if (bytes.remaining() >= 2) {
            int first = bytes.get(0) & 0xFF;
            int second = bytes.get(1) & 0xFF;
            if ((first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF)) {
                throw new TextFault(
                        "text must be UTF-8, got a UTF-16 byte-order mark; save the file as UTF-8");
            }
            if (bytes.remaining() >= 3
                    && first == 0xEF
                    && second == 0xBB
                    && (bytes.get(2) & 0xFF) == 0xBF) {
                bytes.position(3);
                consumed = 3;
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
