package org.jzoo.examples.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Texts to learn from and to be judged by.
 *
 * @param train learned from
 * @param validation watched while training
 * @param test judged once at the end; {@link LanguageText#NONE} for none
 */
public record LanguageData(LanguageText train, LanguageText validation, LanguageText test) {

    /** Checks that there is something to learn and to watch. */
    public LanguageData {
        Objects.requireNonNull(test, "test");
        if (train.isEmpty() || validation.isEmpty()) {
            throw new IllegalArgumentException(
                    "train and validation must hold text, got %d and %d documents"
                            .formatted(train.documents().size(), validation.documents().size()));
        }
    }

    /** Whether what is watched is the rest of the documents that are learned from. */
    boolean isSplit() {
        return !train.hash().isEmpty()
                && train.hash().equals(validation.hash())
                && !train.documents().equals(validation.documents());
    }

    /**
     * Reads files or folders as {@link LanguageText#read} does.
     *
     * @param validation null to watch the last tenth of each document of {@code train}, which is
     *     then not learned
     * @param test null for none
     */
    public static LanguageData read(Path train, Path validation, Path test) throws IOException {
        LanguageText learned = LanguageText.read(train);
        LanguageText judged = test == null ? LanguageText.NONE : LanguageText.read(test);
        if (validation == null) {
            List<LanguageText> parts = learned.split();
            return new LanguageData(parts.get(0), parts.get(1), judged);
        }
        return new LanguageData(learned, LanguageText.read(validation), judged);
    }
}
