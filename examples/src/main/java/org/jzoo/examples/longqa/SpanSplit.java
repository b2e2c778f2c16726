package org.jzoo.examples.longqa;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.document.DocumentQuestion;

/**
 * Questions about documents to learn from and to be judged by.
 *
 * @param train learned from
 * @param validation watched while training; {@link SpanPart#NONE} for none
 * @param test judged once at the end; {@link SpanPart#NONE} for none
 */
public record SpanSplit(SpanPart train, SpanPart validation, SpanPart test) {

    private static final int PARTS = 10;

    /** Checks that there is something to learn. */
    public SpanSplit {
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
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
        for (DocumentQuestion question : train.questions()) {
            if (!question.text().equals(text)) {
                text = question.text();
                String start = DataHash.sha256(text).substring(0, 4);
                apart = Integer.parseInt(start, 16) % PARTS == 0;
            }
            (apart ? watched : learned).add(question);
        }
        return learned.isEmpty() || watched.isEmpty()
                ? this
                : new SpanSplit(train.with(learned), train.with(watched), test);
    }
}
