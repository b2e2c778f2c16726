package org.jzoo.datasets.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Examples from a folder with one subfolder a label and one UTF-8 text file an example.
 *
 * <p>Labels and files come in the order of their names; a row is the position in that order. Names
 * that start with a dot are passed over. Errors name the example's own file.
 */
public final class FolderSource implements TextSource {

    private final Path folder;
    private final Consumer<DataException> onBadRow;

    private FolderSource(Path folder, Consumer<DataException> onBadRow) {
        this.folder = folder;
        this.onBadRow = onBadRow;
    }

    /** Reads {@code folder/LABEL/FILE}. */
    public static FolderSource of(Path folder) {
        return new FolderSource(folder, RowIterator.reject());
    }

    /**
     * The same source, going on after empty or malformed files: each is passed to {@code report}
     * and left out.
     */
    public FolderSource skippingBadRows(Consumer<DataException> report) {
        return new FolderSource(folder, report);
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public TargetKind target() {
        return TargetKind.CLASS;
    }

    @Override
    public Stream<TextExample> stream() {
        try {
            return new Examples().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private final class Examples extends RowIterator {

        private final Deque<Path> labels;
        private final Deque<Path> files = new ArrayDeque<>();
        private long row;

        Examples() throws IOException {
            super(onBadRow);
            if (!Files.isDirectory(folder)) {
                throw new DataException(name(), "must be a folder with one subfolder a label");
            }
            List<Path> children = sorted(folder);
            labels = new ArrayDeque<>(children.stream().filter(Files::isDirectory).toList());
            if (labels.isEmpty()) {
                throw new DataException(
                        name(),
                        "must hold one subfolder a label, got %d files and no subfolder"
                                .formatted(children.size()));
            }
        }

        @Override
        TextExample read() throws IOException, BadRow {
            while (files.isEmpty()) {
                if (labels.isEmpty()) {
                    return null;
                }
                Path label = labels.remove();
                sorted(label).stream().filter(Files::isRegularFile).forEach(files::add);
                if (files.isEmpty()) {
                    throw new DataException(label.toString(), "must hold a file, got none");
                }
            }
            Path file = files.remove();
            row++;
            String label = file.getParent().getFileName().toString();
            try {
                return new ExampleRules(file.toString(), TextColumns.of("text", "label"))
                        .check(row, 0, content(file), null, label);
            } catch (DataException e) {
                throw new BadRow(e);
            }
        }

        private String content(Path file) throws IOException {
            StringWriter text = new StringWriter();
            try (BufferedReader reader =
                    new BufferedReader(new Utf8Reader(StreamOpener.of(file).open()))) {
                reader.transferTo(text);
            } catch (Utf8Reader.TextFault e) {
                throw new DataException(file.toString(), row, 0, e.getMessage());
            }
            return text.toString();
        }

        @Override
        public void close() {
            // Nothing stays open between files.
        }
    }
}
