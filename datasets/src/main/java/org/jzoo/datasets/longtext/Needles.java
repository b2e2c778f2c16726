package org.jzoo.datasets.longtext;

import java.util.List;
import java.util.Objects;

/**
 * Sentences to be scattered over a text, and a question about some of them.
 *
 * @param evidence the sentences that answer the question
 * @param distractors sentences of the same form that do not
 * @param question the question
 * @param findings what someone can say who knows none of the evidence, the first sentence of it,
 *     the first two, and so on: as many as sentences and one; empty for nothing; the last is the
 *     answer
 */
public record Needles(
        List<String> evidence, List<String> distractors, String question, List<String> findings) {

    /**
     * Checks that nothing is missing.
     *
     * @throws IllegalArgumentException if there is not one finding more than evidence
     */
    public Needles {
        evidence = List.copyOf(evidence);
        distractors = List.copyOf(distractors);
        Objects.requireNonNull(question, "question");
        findings = List.copyOf(findings);
        if (findings.size() != evidence.size() + 1) {
            throw new IllegalArgumentException(
                    "findings must be one more than evidence, got findings=%d, evidence=%d"
                            .formatted(findings.size(), evidence.size()));
        }
    }

    /** The answer. */
    public String answer() {
        return findings.get(findings.size() - 1);
    }
}
