package org.jzoo.zoo.document;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jzoo.zoo.weights.Checksums;

/**
 * A text of any length that is read from its beginning as it is needed. A form feed begins a new
 * page.
 */
public final class LongText {

    /** Opens a text at its beginning. */
    @FunctionalInterface
    public interface Opener {
        /** The characters; the caller closes the reader. */
        Reader open() throws IOException;
    }

    /** Tells a text from what it was when it was read before. */
    @FunctionalInterface
    private interface Edition {
        String of() throws IOException;
    }

    private final String name;
    private final Opener opener;
    private final Edition edition;

    private LongText(String name, Opener opener, Edition edition) {
        this.name = Objects.requireNonNull(name, "name");
        this.opener = Objects.requireNonNull(opener, "opener");
        this.edition = edition;
    }

    /** A text that {@code opener} opens as often as it is read; messages call it {@code name}. */
    public static LongText of(String name, Opener opener) {
        return new LongText(name, opener, () -> null);
    }

    /** These characters. */
    public static LongText of(String text) {
        Objects.requireNonNull(text, "text");
        return new LongText(
                "text",
                () -> new StringReader(text),
                () -> Checksums.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A text file; see {@link TextReader} for its encoding. Nothing is opened yet. */
    public static LongText of(Path file) {
        return of(file, () -> open(file));
    }

    /** A file that {@code opener} makes characters of. Nothing is opened yet. */
    public static LongText of(Path file, Opener opener) {
        Objects.requireNonNull(file, "file");
        return new LongText(file.toString(), opener, () -> edition(file));
    }

    private static String edition(Path file) throws IOException {
        return "%s %d %s"
                .formatted(
                        file.toAbsolutePath().normalize(),
                        Files.size(file),
                        Files.getLastModifiedTime(file));
    }

    /** What is left of a reader, which can be read once. */
    public static LongText of(Reader reader) {
        Objects.requireNonNull(reader, "reader");
        AtomicBoolean opened = new AtomicBoolean();
        return new LongText(
                "reader",
                () -> {
                    once(opened);
                    return reader;
                },
                () -> null);
    }

    /**
     * What is left of a stream, which can be read once; see {@link TextReader} for its encoding.
     */
    public static LongText of(InputStream in) {
        Objects.requireNonNull(in, "in");
        return of(new TextReader(in, "stream"));
    }

    private static void once(AtomicBoolean opened) {
        if (opened.getAndSet(true)) {
            throw new IllegalStateException(
                    "a reader can be read once, got a second reading; use a file or an opener");
        }
    }

    private static Reader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("document must be a file, got " + file);
        }
        return new TextReader(Files.newInputStream(file), file.getFileName().toString());
    }

    /** What messages call it. */
    public String name() {
        return name;
    }

    /**
     * What tells it from other texts, and from itself before a change: of a file its place, size
     * and date. Null if nothing does.
     */
    String edition() throws IOException {
        return edition.of();
    }

    /** Opens it at its beginning; the caller closes the reader. */
    public Reader open() throws IOException {
        return opener.open();
    }
}
