package org.jzoo.training.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jzoo.training.report.TextTable.Align;

/** A Markdown table whose source is aligned too, so that its changes can be reviewed. */
public final class MarkdownTable {

    private final List<String> header;
    private final List<Align> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Creates a table without rows.
     *
     * @param header the title of each column
     * @param columns the side that each column's cells are pushed to
     */
    public MarkdownTable(List<String> header, List<Align> columns) {
        if (header.isEmpty() || header.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "header must have one title for each column, got header=%d, columns=%d"
                            .formatted(header.size(), columns.size()));
        }
        this.header = header.stream().map(MarkdownTable::cell).toList();
        this.columns = List.copyOf(columns);
    }

    /**
     * Adds a row below the others.
     *
     * @throws IllegalArgumentException if the number of cells is not the number of columns
     */
    public MarkdownTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "cells must be one for each column, got cells=%d, columns=%d"
                            .formatted(cells.length, columns.size()));
        }
        rows.add(Arrays.stream(cells).map(MarkdownTable::cell).toList());
        return this;
    }

    /** A pipe would end the cell and a line break the table. */
    private static String cell(String text) {
        return TextTable.singleLine(text).replace("|", "\\|").strip();
    }

    /** The table, a line feed after each row. */
    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(3, TextTable.width(header.get(c)));
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], TextTable.width(row.get(c)));
            }
        }
        StringBuilder text = new StringBuilder();
        line(text, header, widths);
        text.append('|');
        for (int c = 0; c < widths.length; c++) {
            String dashes = "-".repeat(widths[c] - 1);
            text.append(' ').append(dashes).append(columns.get(c) == Align.LEFT ? "- |" : ": |");
        }
        text.append('\n');
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, int[] widths) {
        text.append('|');
        for (int c = 0; c < widths.length; c++) {
            String cell = TextTable.pad(cells.get(c), widths[c], columns.get(c));
            text.append(' ').append(cell).append(" |");
        }
        text.append('\n');
    }
}
