package org.jzoo.zoo.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Decodes the bytes of a text: UTF-8 unless a byte-order mark says UTF-16, or the caller names the
 * encoding. The mark is no part of the text. Bytes that are clearly no text are refused before the
 * first character.
 */
public final class TextReader extends Reader {

    private static final int BUFFER = 1 << 16;
    private static final double MOST_MALFORMED = 0.25;
    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream in;
    private final String name;
    private final Charset asked;
    private final MalformedText malformed;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer pair = CharBuffer.allocate(2).flip();
    private Charset encoding;
    private CharsetDecoder decoder;
    private boolean flushed;
    private boolean atEnd;
    private long consumed;
    private long delivered;
    private long replaced;
    private long firstReplaced = -1;

    /**
     * Reads a stream, which is closed with the reader.
     *
     * @param name what errors call the text
     * @param encoding of the bytes, or null to look for a byte-order mark and else take UTF-8; a
     *     mark of the named encoding is skipped
     */
    public TextReader(InputStream in, String name, Charset encoding, MalformedText malformed) {
        this.in = Objects.requireNonNull(in, "in");
        this.name = Objects.requireNonNull(name, "name");
        this.asked = encoding;
        this.malformed = Objects.requireNonNull(malformed, "malformed");
    }

    /** Reads a stream in the encoding it shows, replacing malformed bytes. */
    public TextReader(InputStream in, String name) {
        this(in, name, null, MalformedText.REPLACE);
    }

    /** The encoding, once a character was read; null before. */
    public Charset encoding() {
        return encoding;
    }

    /** How many malformed sequences became U+FFFD so far. */
    public long replaced() {
        return replaced;
    }

    /** The offset in characters of the first U+FFFD that stands for malformed bytes, or −1. */
    public long firstReplaced() {
        return firstReplaced;
    }

    /** How many bytes were decoded so far, a byte-order mark included. */
    public long bytes() {
        return consumed;
    }

    /**
     * Decodes some characters.
     *
     * @throws TextFormatException if the bytes are no text, or malformed ones are rejected
     */
    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (decoder == null) {
            start();
        }
        CharBuffer chars = CharBuffer.wrap(target, offset, length).slice(); // from position 0
        while (chars.position() == 0) {
            if (pair.hasRemaining()) {
                chars.put(pair.get());
            } else if (!decode(chars)) {
                break;
            }
        }
        int count = chars.position();
        delivered += count;
        return count == 0 ? -1 : count;
    }

    /** Decodes what is there; false at the end of the text. */
    private boolean decode(CharBuffer chars) throws IOException {
        int before = bytes.position();
        CoderResult result = decoder.decode(bytes, chars, atEnd);
        consumed += bytes.position() - before;
        if (result.isError()) {
            if (chars.position() == 0) { // otherwise deliver what precedes it first
                replace(result, chars);
            }
            return true;
        }
        if (result.isOverflow()) {
            if (chars.position() == 0) {
                decodePair();
            }
            return true;
        }
        if (chars.position() > 0) {
            return true;
        }
        if (!atEnd) {
            fill();
            return true;
        }
        if (!flushed) {
            flushed = true;
            decoder.flush(chars);
        }
        return chars.position() > 0;
    }

    private void replace(CoderResult result, CharBuffer chars) throws TextFormatException {
        if (malformed == MalformedText.REJECT) {
            throw malformed(result.length());
        }
        bytes.position(bytes.position() + result.length());
        consumed += result.length();
        if (firstReplaced < 0) {
            firstReplaced = delivered;
        }
        replaced++;
        chars.put(REPLACEMENT);
    }

    private TextFormatException malformed(int length) {
        return new TextFormatException(
                "%s must be valid %s, got bytes %s at byte %d (character %d)"
                        .formatted(
                                name,
                                encoding,
                                TextSignature.hex(bytes, bytes.position(), length),
                                consumed,
                                delivered));
    }

    /** A surrogate pair did not fit into the one character asked for. */
    private void decodePair() {
        pair.clear();
        int before = bytes.position();
        decoder.decode(bytes, pair, atEnd);
        consumed += bytes.position() - before;
        pair.flip();
    }

    private void start() throws IOException {
        while (bytes.remaining() < BUFFER && !atEnd) {
            fill();
        }
        TextSignature signature = TextSignature.of(bytes);
        encoding = asked == null ? signature.encoding() : asked;
        if (encoding == null) {
            encoding = StandardCharsets.UTF_8;
        }
        if (asked == null) {
            signature.check(name);
        }
        if (encoding.equals(signature.encoding())) {
            bytes.position(signature.markLength());
            consumed = signature.markLength();
        }
        checkSample();
        decoder = newDecoder(CodingErrorAction.REPORT);
    }

    /** Text with a quarter of its characters malformed is of another encoding, or no text. */
    private void checkSample() throws TextFormatException {
        CharBuffer chars = CharBuffer.allocate(BUFFER);
        ByteBuffer sample = bytes.duplicate();
        CharsetDecoder strict = newDecoder(CodingErrorAction.REPORT);
        int errors = 0;
        CoderResult result = strict.decode(sample, chars, atEnd);
        while (result.isError()) {
            sample.position(sample.position() + result.length());
            errors++;
            result = strict.decode(sample, chars, atEnd);
        }
        int characters = chars.position() + errors;
        if (errors > MOST_MALFORMED * characters && errors > 4) {
            throw new TextFormatException(
                    "%s must be text in %s, got %d malformed of its first %d characters; name its encoding if it is text"
                            .formatted(name, encoding, errors, characters));
        }
    }

    private CharsetDecoder newDecoder(CodingErrorAction action) {
        return encoding.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
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

    @Override
    public void close() throws IOException {
        in.close();
    }
}
