package org.jzoo.training.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of aligned columns for the terminal. East Asian wide characters count as two columns and
 * combining marks as none, so that labels in any script line up.
 */
public final class TextTable {

    /** The side that a column's cells are pushed to. */
    public enum Align {
        /** Padding after the text: names. */
        LEFT,
        /** Padding before the text: numbers. */
        RIGHT
    }

    private final List<Align> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** Creates a table with one column for each alignment. */
    public TextTable(Align... columns) {
        this.columns = List.of(columns);
    }

    /**
     * Adds a row below the others.
     *
     * @throws IllegalArgumentException if the number of cells is not the number of columns
     */
    public TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "cells must be one for each column, got cells=%d, columns=%d"
                            .formatted(cells.length, columns.size()));
        }
        rows.add(Arrays.stream(cells).map(TextTable::singleLine).toList());
        return this;
    }

    /** The rows, two spaces between columns, no trailing spaces, a line feed after each row. */
    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], width(row.get(c)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                line.append(c == 0 ? "" : "  ").append(pad(row.get(c), widths[c], columns.get(c)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** {@code text} with spaces up to {@code width} terminal columns; longer text is left whole. */
    static String pad(String text, int width, Align align) {
        String spaces = " ".repeat(Math.max(0, width - width(text)));
        return align == Align.LEFT ? text + spaces : spaces + text;
    }

    /** How many terminal columns {@code text} takes. */
    static int width(String text) {
        return text.codePoints().map(TextTable::width).sum();
    }

    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT) {
            return 0;
        }
        boolean wide =
                Character.isIdeographic(codePoint)
                        || (codePoint >= 0x1100 && codePoint <= 0x115F) // Hangul initial consonants
                        || (codePoint >= 0x3000 && codePoint <= 0x30FF) // CJK punctuation, kana
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3) // Hangul syllables
                        || (codePoint >= 0xFF01 && codePoint <= 0xFF60) // full-width forms
                        || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF); // pictographs
        return wide ? 2 : 1;
    }

    /** A cell must not break its row: line breaks, tabs and control characters become spaces. */
    static String singleLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
