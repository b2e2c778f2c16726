package org.jzoo.datasets.text;

import java.util.Objects;

/**
 * Which columns (or JSON fields) hold what.
 *
 * @param text the column of the text
 * @param pair the column of the second text, or null
 * @param label the column of the label, or null exactly when {@code target} is {@link
 *     TargetKind#NONE}
 * @param target what the label column holds
 */
public record TextColumns(String text, String pair, String label, TargetKind target) {

    /** Checks that the label column and the target kind agree. */
    public TextColumns {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(target, "target");
        if ((label == null) != (target == TargetKind.NONE)) {
            throw new IllegalArgumentException(
                    "label must be null exactly when target is NONE, got label=%s, target=%s"
                            .formatted(label, target));
        }
    }

    /** Classification of one text. */
    public static TextColumns of(String text, String label) {
        return new TextColumns(text, null, label, TargetKind.CLASS);
    }

    /** Classification of a pair. */
    public static TextColumns pair(String text, String pair, String label) {
        return new TextColumns(text, pair, label, TargetKind.CLASS);
    }

    /** Text without labels. */
    public static TextColumns unlabelled(String text) {
        return new TextColumns(text, null, null, TargetKind.NONE);
    }

    /** The same columns, the label read as a number. */
    public TextColumns regression() {
        return new TextColumns(text, pair, label, TargetKind.NUMBER);
    }

    /** The same texts, the label column neither needed nor read. */
    public TextColumns withoutLabel() {
        return new TextColumns(text, pair, null, TargetKind.NONE);
    }
}
