package org.jzoo.examples.recipe;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file with one JSON object a line, to which runs are added as they finish, also by several
 * processes.
 *
 * @param <T> the record that a line holds
 */
public final class JsonLines<T> {

    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    private final Path file;
    private final Class<T> type;

    /** Names a file, which need not exist. */
    public JsonLines(Path file, Class<T> type) {
        this.file = file;
        this.type = type;
    }

    /** What the file holds; empty if there is no file. */
    public List<T> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .map(line -> GSON.fromJson(line, type))
                .toList();
    }

    /** Adds lines in one write, so that lines of several processes do not mix. */
    public void append(List<T> items) throws IOException {
        StringBuilder lines = new StringBuilder();
        items.forEach(item -> lines.append(GSON.toJson(item)).append('\n'));
        Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
