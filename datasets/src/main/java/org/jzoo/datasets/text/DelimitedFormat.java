package org.jzoo.datasets.text;

import java.util.List;

/**
 * How a file of rows and columns is written.
 *
 * @param delimiter the character between fields
 * @param quoted whether a field that starts with {@code "} runs to the closing quote, delimiters
 *     and line breaks included, and {@code ""} in it is one quote (RFC 4180); if not, a quote is a
 *     character like any other
 * @param header the column names of a file without a header row, or empty if its first row is one
 */
public record DelimitedFormat(char delimiter, boolean quoted, List<String> header) {

    /** Commas, quotes as in RFC 4180, a header row. */
    public static final DelimitedFormat CSV = new DelimitedFormat(',', true, List.of());

    /** Tabs, quotes as in RFC 4180, a header row: what spreadsheets and data frames write. */
    public static final DelimitedFormat TSV = new DelimitedFormat('\t', true, List.of());

    /** Tabs, no quoting, a header row: what many corpora use. */
    public static final DelimitedFormat TSV_UNQUOTED = new DelimitedFormat('\t', false, List.of());

    /** Copies the header. */
    public DelimitedFormat {
        header = List.copyOf(header);
        if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
            throw new IllegalArgumentException(
                    "delimiter must not be a quote or a line break, got delimiter=U+%04X"
                            .formatted((int) delimiter));
        }
    }

    /** The same format with another delimiter, such as {@code ';'}. */
    public DelimitedFormat withDelimiter(char other) {
        return new DelimitedFormat(other, quoted, header);
    }

    /** The same format for a file without a header row, whose columns are these. */
    public DelimitedFormat withHeader(String... columns) {
        return new DelimitedFormat(delimiter, quoted, List.of(columns));
    }
}
