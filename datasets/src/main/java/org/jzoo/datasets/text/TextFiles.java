package org.jzoo.datasets.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Opens text data by what its name says it is. */
public final class TextFiles {

    private static final String KINDS = ".csv, .tsv, .jsonl or .ndjson (also .gz), or a folder";

    private TextFiles() {}

    /**
     * Opens {@code .csv}, {@code .tsv}, {@code .jsonl} or {@code .ndjson}, each also with {@code
     * .gz}, or a folder with one subfolder a label (whose files ignore the columns' names).
     *
     * @throws DataException if there is no such file or its name says nothing known
     */
    public static TextSource open(Path file, TextColumns columns) {
        return open(file, columns, RowIterator.reject());
    }

    /**
     * Opens as {@link #open(Path, TextColumns)} does; rows whose content is not valid are passed to
     * {@code onBadRow}, which throws them or lets reading go on without them.
     */
    public static TextSource open(
            Path file, TextColumns columns, Consumer<DataException> onBadRow) {
        if (Files.isDirectory(file)) {
            return FolderSource.of(file).skippingBadRows(onBadRow);
        }
        if (!Files.exists(file)) {
            throw new DataException(
                    file.toString(), "must exist, got no such file" + similar(file));
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (plain.endsWith(".csv")) {
            return DelimitedSource.of(file, columns, DelimitedFormat.CSV).skippingBadRows(onBadRow);
        }
        if (plain.endsWith(".tsv") || plain.endsWith(".tab")) {
            return DelimitedSource.of(file, columns, DelimitedFormat.TSV).skippingBadRows(onBadRow);
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return JsonLinesSource.of(file, columns).skippingBadRows(onBadRow);
        }
        throw new DataException(file.toString(), "must be %s, got name=%s".formatted(KINDS, name));
    }

    private static String similar(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return "";
        }
        try (Stream<Path> children = Files.list(folder)) {
            List<String> names =
                    children.limit(1000).map(p -> p.getFileName().toString()).sorted().toList();
            return Suggestion.forName(file.getFileName().toString(), names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
