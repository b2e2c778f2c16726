package org.jzoo.examples.longqa;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.document.DocumentQuestion;

/**
 * Questions about documents to learn from and to be judged by.
 *
 * @param name what cards and logs call them
 * @param hash SHA-256 of the training file; empty if unknown
 * @param train learned from
 * @param validation watched while training; empty for none
 * @param test judged once at the end; empty for none
 */
public record SpanSplit(
        String name,
        String hash,
        List<DocumentQuestion> train,
        List<DocumentQuestion> validation,
        List<DocumentQuestion> test) {

    private static final int PARTS = 10;

    /** Copies the lists. */
    public SpanSplit {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        if (train.isEmpty()) {
            throw new IllegalArgumentException("train must not be empty, got no questions");
        }
    }

    /** Sets the questions about a tenth of the documents apart, chosen by the documents' hashes. */
    public SpanSplit withValidation() {
        List<DocumentQuestion> learned = new ArrayList<>();
        List<DocumentQuestion> watched = new ArrayList<>();
        String text = null;
        boolean apart = false;
        for (DocumentQuestion question : train) {
            if (!question.text().equals(text)) {
                text = question.text();
                String start = DataHash.sha256(text).substring(0, 4);
                apart = Integer.parseInt(start, 16) % PARTS == 0;
            }
            (apart ? watched : learned).add(question);
        }
        return learned.isEmpty() || watched.isEmpty()
                ? this
                : new SpanSplit(name, hash, learned, watched, test);
    }
}
