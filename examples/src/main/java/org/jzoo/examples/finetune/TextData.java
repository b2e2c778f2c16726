package org.jzoo.examples.finetune;

import java.util.Objects;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextSource;

/**
 * What a model is tuned and judged on.
 *
 * @param name what cards and logs call it
 * @param hash SHA-256 of its content, for cards; empty if unknown
 * @param train learned from
 * @param validation watched while training; null for none
 * @param test judged once at the end; null for none
 * @param labels the classes; null if labels are numbers
 * @param pair whether each example is two texts
 */
public record TextData(
        String name,
        String hash,
        TextSource train,
        TextSource validation,
        TextSource test,
        LabelSet labels,
        boolean pair) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if labels and targets do not fit
     */
    public TextData {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(train, "train");
        if ((train.target() == TargetKind.CLASS) != (labels != null)) {
            throw new IllegalArgumentException(
                    "labels must be there exactly when targets are classes, got labels=%s, target=%s"
                            .formatted(labels, train.target()));
        }
    }

    /** The same data with labels in another order, or with labels that do not occur in them. */
    public TextData withLabels(LabelSet others) {
        return new TextData(name, hash, train, validation, test, others, pair);
    }

    /** Whether labels are numbers. */
    public boolean regression() {
        return labels == null;
    }
}
