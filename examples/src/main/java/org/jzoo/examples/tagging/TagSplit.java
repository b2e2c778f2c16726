package org.jzoo.examples.tagging;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jzoo.datasets.label.LabelledTexts;

/**
 * Labelled texts to learn from and to be judged by.
 *
 * @param train learned from
 * @param validation watched while training; {@link LabelledTexts#NONE} for none
 * @param test judged once at the end; {@link LabelledTexts#NONE} for none
 */
public record TagSplit(LabelledTexts train, LabelledTexts validation, LabelledTexts test) {

    /**
     * Checks that there is something to learn, and that the test asks for nothing else.
     *
     * @throws IllegalArgumentException if not
     */
    public TagSplit {
        if (train.labels().isEmpty()) {
            throw new IllegalArgumentException(
                    "train must hold a labelled stretch, got none in %d texts of %s"
                            .formatted(train.texts().size(), train.name()));
        }
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
        if (!labels(train, validation).containsAll(test.labels())) {
            throw new IllegalArgumentException(
                    "labels of %s must be among those that are learned, %s, got %s"
                            .formatted(test.name(), labels(train, validation), test.labels()));
        }
    }

    private static SortedSet<String> labels(LabelledTexts train, LabelledTexts validation) {
        SortedSet<String> labels = new TreeSet<>(train.labels());
        labels.addAll(validation.labels());
        return labels;
    }

    /** What stretches are labelled in training and validation. */
    public SortedSet<String> labels() {
        return labels(train, validation);
    }

    /** Sets a tenth of the texts apart, unless there is a validation part or too few texts. */
    public TagSplit withValidation() {
        List<LabelledTexts> parts = train.split();
        boolean enough = parts.stream().noneMatch(part -> part.labels().isEmpty());
        return validation.isEmpty() && enough
                ? new TagSplit(parts.get(0), parts.get(1), test)
                : this;
    }
}
