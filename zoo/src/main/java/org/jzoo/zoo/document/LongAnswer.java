package org.jzoo.zoo.document;

import java.util.List;
import java.util.Objects;

/**
 * What a document answers.
 *
 * @param evidence the most probable answers that do not overlap, best first; empty if the document
 *     is blank
 * @param noAnswer the probability that the document does not say, in [0, 1]
 * @param reading what was read
 */
public record LongAnswer(List<Evidence> evidence, double noAnswer, ReadingReport reading) {

    /** Copies the list. */
    public LongAnswer {
        evidence = List.copyOf(evidence);
        Objects.requireNonNull(reading, "reading");
    }

    /** Whether an answer is more probable than that the document does not say. */
    public boolean found() {
        return !evidence.isEmpty() && evidence.get(0).probability() >= noAnswer;
    }

    /** The best answer whether or not it is {@link #found}; empty if the document is blank. */
    public String text() {
        return evidence.isEmpty() ? "" : evidence.get(0).answer();
    }
}
