package org.jzoo.datasets.text;

import java.util.Objects;

/**
 * One labelled or unlabelled text, or pair of texts.
 *
 * @param row the row in its source, counted from 1, the header not counted
 * @param text the text, never blank
 * @param pair the second text of a pair, or null
 * @param label the class name or the number as written, or null when the source has no labels
 */
public record TextExample(long row, String text, String pair, String label) {

    /** Checks that a text is there. */
    public TextExample {
        Objects.requireNonNull(text, "text");
        if (row < 1) {
            throw new IllegalArgumentException("row must be >= 1, got row=" + row);
        }
    }

    /** An example with one text and a label, which may be null. */
    public static TextExample of(long row, String text, String label) {
        return new TextExample(row, text, null, label);
    }

    /**
     * The label as a regression target.
     *
     * @throws IllegalArgumentException if the label is not a finite number
     */
    public double target() {
        double value = Double.NaN;
        try {
            value = label == null ? Double.NaN : Double.parseDouble(label);
        } catch (NumberFormatException e) {
            // Falls through to the one message below.
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("label must be a finite number, got label=" + label);
        }
        return value;
    }
}
