package org.jzoo.datasets.longtext;

import java.util.List;
import java.util.Objects;

/**
 * Sentences to be scattered over a text, and a question about some of them.
 *
 * @param evidence the sentences that answer the question
 * @param distractors sentences of the same form that do not
 * @param question the question
 * @param answer its answer
 */
public record Needles(
        List<String> evidence, List<String> distractors, String question, String answer) {

    /** Checks that nothing is missing. */
    public Needles {
        evidence = List.copyOf(evidence);
        distractors = List.copyOf(distractors);
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(answer, "answer");
    }
}
