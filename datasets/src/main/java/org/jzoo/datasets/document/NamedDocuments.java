package org.jzoo.datasets.document;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jzoo.datasets.text.DataException;

/**
 * Documents as data files name them: a value that ends like a file of text or PDF is a file, seen
 * from the data file's folder; any other value is the text itself. Each file is read once.
 */
public final class NamedDocuments {

    private static final int LONGEST_NAME = 1024;

    private final Path folder;
    private final DocumentOpener opener;
    private final Map<Path, String> texts = new HashMap<>();

    /** Documents of a folder. */
    public NamedDocuments(Path folder, DocumentOpener opener) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.opener = Objects.requireNonNull(opener, "opener");
    }

    /**
     * The text.
     *
     * @throws DataException if it cannot be read
     */
    public String text(String value) {
        Path file = file(value);
        return file == null ? value : texts.computeIfAbsent(file, this::read);
    }

    /** A file's name, or null if the value is the text itself. */
    public static String name(String value) {
        return file(Path.of(""), value) == null ? null : value.strip();
    }

    private Path file(String value) {
        return file(folder, value);
    }

    private static Path file(Path folder, String value) {
        String name = value.strip();
        String lower = name.toLowerCase(Locale.ROOT);
        boolean named =
                name.length() <= LONGEST_NAME
                        && name.indexOf('\n') < 0
                        && (lower.endsWith(".txt")
                                || lower.endsWith(".md")
                                || lower.endsWith(".pdf"));
        try {
            return named ? folder.resolve(name) : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "must be a file, got no such file");
        }
        try (Reader reader = opener.open(file)) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(file.toString(), "must be readable, got " + e.getMessage());
        }
    }
}
