package org.jzoo.datasets.longtext;

import java.util.List;
import java.util.Objects;

/**
 * A long text, a question and where the text answers it.
 *
 * @param text the text
 * @param question the question, not part of the text
 * @param answer the answer in one word or number
 * @param evidence the sentences that must be read to answer, in the order of the text
 */
public record LongExample(String text, String question, String answer, List<Span> evidence) {

    /** Checks that nothing is missing. */
    public LongExample {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(answer, "answer");
        evidence = List.copyOf(evidence);
    }
}
