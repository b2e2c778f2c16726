package org.jzoo.examples.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.DataHash;
import org.jzoo.examples.language.LanguageText;

/**
 * Documents to learn from and to be judged by.
 *
 * @param train learned from, at least two
 * @param validation watched while training, at least two
 * @param test judged once at the end; {@link LanguageText#NONE} for none
 */
public record EmbeddingData(LanguageText train, LanguageText validation, LanguageText test) {

    private static final int PARTS = 10;

    /** Checks that there is something to tell apart. */
    public EmbeddingData {
        Objects.requireNonNull(test, "test");
        if (train.documents().size() < 2 || validation.documents().size() < 2) {
            throw new IllegalArgumentException(
                    "train and validation must have at least 2 documents each, to be told apart,"
                            + " got %d and %d; give more files"
                                    .formatted(
                                            train.documents().size(),
                                            validation.documents().size()));
        }
    }

    /**
     * Reads folders as {@link LanguageText#read} does.
     *
     * @param validation null to set a tenth of {@code train} apart, but at least two documents,
     *     chosen by their hashes
     * @param test null for none
     */
    public static EmbeddingData read(Path train, Path validation, Path test) throws IOException {
        LanguageText learned = LanguageText.read(train);
        LanguageText judged = test == null ? LanguageText.NONE : LanguageText.read(test);
        return validation == null
                ? split(learned, judged)
                : new EmbeddingData(learned, LanguageText.read(validation), judged);
    }

    static EmbeddingData split(LanguageText all, LanguageText test) {
        int apart = Math.max(2, all.documents().size() / PARTS);
        List<String> watched =
                all.documents().stream()
                        .sorted(Comparator.comparing(DataHash::sha256))
                        .limit(apart)
                        .toList();
        List<String> learned = new ArrayList<>(all.documents());
        learned.removeAll(watched);
        return new EmbeddingData(
                new LanguageText(all.name(), all.hash(), learned),
                new LanguageText(all.name(), all.hash(), watched),
                test);
    }

    /** Whether what is watched was set apart from the same files. */
    boolean isSplit() {
        return !train.hash().isEmpty() && train.hash().equals(validation.hash());
    }
}
