package org.jzoo.datasets.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Examples from JSON Lines: one object a line, the columns being its fields. Labels may be strings,
 * numbers or booleans. A row is a line; blank lines are passed over.
 */
public final class JsonLinesSource implements TextSource {

    private final String name;
    private final StreamOpener opener;
    private final TextColumns columns;
    private final Consumer<DataException> onBadRow;

    private JsonLinesSource(
            String name,
            StreamOpener opener,
            TextColumns columns,
            Consumer<DataException> onBadRow) {
        this.name = name;
        this.opener = opener;
        this.columns = Objects.requireNonNull(columns, "columns");
        this.onBadRow = onBadRow;
    }

    /** Reads a file; {@code .gz} files are unpacked on the way. */
    public static JsonLinesSource of(Path file, TextColumns columns) {
        return of(file.toString(), StreamOpener.of(file), columns);
    }

    /** Reads what {@code opener} opens; errors call it {@code name}. */
    public static JsonLinesSource of(String name, StreamOpener opener, TextColumns columns) {
        return new JsonLinesSource(name, opener, columns, RowIterator.reject());
    }

    /**
     * The same source, going on after rows that are not valid: each is passed to {@code report} and
     * left out.
     */
    public JsonLinesSource skippingBadRows(Consumer<DataException> report) {
        return new JsonLinesSource(name, opener, columns, report);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TargetKind target() {
        return columns.target();
    }

    @Override
    public Stream<TextExample> stream() {
        try {
            return new Rows().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Rows extends RowIterator {

        private final TextLines lines;
        private final ExampleRules rules = new ExampleRules(name, columns);

        Rows() throws IOException {
            super(onBadRow);
            lines = TextLines.of(name, opener);
        }

        @Override
        TextExample read() throws IOException, BadRow {
            String line = lines.nextFilled();
            if (line == null) {
                return null;
            }
            try {
                JsonObject object = lines.object(line);
                return rules.check(
                        lines.row(),
                        0,
                        value(object, columns.text()),
                        value(object, columns.pair()),
                        value(object, columns.label()));
            } catch (DataException e) {
                throw new BadRow(e);
            }
        }

        private String value(JsonObject object, String field) {
            if (field == null) {
                return null;
            }
            JsonElement element = object.get(field);
            if (element == null) {
                throw lines.fault(
                        "column %s must exist, got columns=%s%s"
                                .formatted(
                                        field,
                                        object.keySet(),
                                        Suggestion.forName(field, object.keySet())));
            }
            if (element.isJsonNull()) {
                return null;
            }
            if (!element.isJsonPrimitive()) {
                throw lines.fault(
                        "column %s must be a string or a number, got %s"
                                .formatted(field, TextLines.shorten(element.toString())));
            }
            return element.getAsString();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
