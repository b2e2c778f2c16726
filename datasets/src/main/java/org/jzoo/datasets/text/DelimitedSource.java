package org.jzoo.datasets.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Examples from rows and columns in UTF-8 text: CSV, TSV and their relatives. */
public final class DelimitedSource implements TextSource {

    private final String name;
    private final StreamOpener opener;
    private final TextColumns columns;
    private final DelimitedFormat format;
    private final Consumer<DataException> onBadRow;

    private DelimitedSource(
            String name,
            StreamOpener opener,
            TextColumns columns,
            DelimitedFormat format,
            Consumer<DataException> onBadRow) {
        this.name = name;
        this.opener = opener;
        this.columns = Objects.requireNonNull(columns, "columns");
        this.format = Objects.requireNonNull(format, "format");
        this.onBadRow = onBadRow;
    }

    /** Reads a file; {@code .gz} files are unpacked on the way. */
    public static DelimitedSource of(Path file, TextColumns columns, DelimitedFormat format) {
        return of(file.toString(), StreamOpener.of(file), columns, format);
    }

    /** Reads what {@code opener} opens; errors call it {@code name}. */
    public static DelimitedSource of(
            String name, StreamOpener opener, TextColumns columns, DelimitedFormat format) {
        return new DelimitedSource(name, opener, columns, format, RowIterator.reject());
    }

    /**
     * The same source, going on after rows with an empty or missing field, a wrong number of fields
     * or a label that is no number: each is passed to {@code report} and left out.
     */
    public DelimitedSource skippingBadRows(Consumer<DataException> report) {
        return new DelimitedSource(name, opener, columns, format, report);
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

        private final Utf8Reader reader;
        private final CSVParser parser;
        private final Iterator<CSVRecord> records;
        private final ExampleRules rules = new ExampleRules(name, columns);
        private List<String> header;
        private int text;
        private int pair;
        private int label;
        private long row;

        Rows() throws IOException {
            super(onBadRow);
            reader = new Utf8Reader(opener.open());
            CSVFormat csv =
                    CSVFormat.RFC4180
                            .builder()
                            .setDelimiter(format.delimiter())
                            .setQuote(format.quoted() ? '"' : null)
                            .setIgnoreEmptyLines(true)
                            .build();
            parser = csv.parse(reader);
            records = parser.iterator();
        }

        @Override
        TextExample read() throws BadRow {
            if (header == null) {
                readHeader();
            }
            long line = parser.getCurrentLineNumber() + 1;
            CSVRecord fields = nextRecord(line);
            if (fields == null) {
                return null;
            }
            row++;
            try {
                if (fields.size() != header.size()) {
                    throw new DataException(name, row, line, wrongSize(fields));
                }
                return rules.check(
                        row, line, field(fields, text), field(fields, pair), field(fields, label));
            } catch (DataException e) {
                throw new BadRow(e);
            }
        }

        private String wrongSize(CSVRecord fields) {
            String problem =
                    "a row must have as many fields as the header, got fields=%d, header=%d %s"
                            .formatted(fields.size(), header.size(), header);
            return fields.size() > header.size() && format.quoted()
                    ? problem + "; a field that holds the delimiter must stand in quotes"
                    : problem;
        }

        private String field(CSVRecord fields, int column) {
            return column < 0 ? null : fields.get(column);
        }

        private CSVRecord nextRecord(long line) {
            reader.startRecord();
            try {
                return records.hasNext() ? records.next() : null;
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof Utf8Reader.TextFault fault) {
                    throw new DataException(name, row + 1, line, fault.getMessage());
                }
                String message = String.valueOf(e.getCause().getMessage());
                if (message.contains("EOF reached before encapsulated token finished")) {
                    throw new DataException(
                            name,
                            row + 1,
                            line,
                            "a quoted field must be closed before the end of the file; if quotes"
                                    + " mean nothing in this file, read it as unquoted");
                }
                if (message.contains("encapsulated token and delimiter")) {
                    throw new DataException(
                            name,
                            row + 1,
                            line,
                            "a closing quote must be followed by the delimiter or the end of the"
                                    + " line; a quote inside a quoted field is written twice");
                }
                throw e;
            }
        }

        private void readHeader() {
            if (format.header().isEmpty()) {
                CSVRecord first = nextRecord(1);
                if (first == null) {
                    throw new DataException(name, "a header row must be there, got an empty file");
                }
                header = new ArrayList<>();
                first.forEach(column -> header.add(column.strip()));
            } else {
                header = format.header();
            }
            text = column(columns.text());
            pair = columns.pair() == null ? -1 : column(columns.pair());
            label = columns.label() == null ? -1 : column(columns.label());
        }

        private int column(String wanted) {
            int index = header.indexOf(wanted);
            if (index < 0) {
                throw new DataException(
                        name,
                        "column %s must exist, got columns=%s%s%s"
                                .formatted(
                                        wanted,
                                        header,
                                        Suggestion.forName(wanted, header),
                                        delimiterHint()));
            }
            if (header.lastIndexOf(wanted) != index) {
                throw new DataException(
                        name,
                        "column %s must be there once, got columns=%s".formatted(wanted, header));
            }
            return index;
        }

        /** One column whose name holds another usual delimiter was read with the wrong one. */
        private String delimiterHint() {
            if (header.size() == 1) {
                for (char other : new char[] {',', ';', '\t', '|'}) {
                    if (other != format.delimiter() && header.get(0).indexOf(other) >= 0) {
                        return "; the delimiter seems to be "
                                + (other == '\t' ? "a tab" : "'" + other + "'");
                    }
                }
            }
            return "";
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }
}
