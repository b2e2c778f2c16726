package org.jzoo.datasets.document;

import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.longtext.Span;

/**
 * A question that a stretch of a document answers.
 *
 * @param document what the document is called: a country, a file
 * @param text the whole document
 * @param question the question, not part of the text
 * @param answer where the text gives the answer
 * @param evidence the lines or sentences that must be read to answer, in the order of the text; may
 *     be empty
 */
public record DocumentQuestion(
        String document, String text, String question, Span answer, List<Span> evidence) {

    /** Checks that the answer and the evidence are in the text. */
    public DocumentQuestion {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(question, "question");
        evidence = List.copyOf(evidence);
        within(answer, text);
        evidence.forEach(span -> within(span, text));
    }

    private static void within(Span span, String text) {
        if (span.end() > text.length()) {
            throw new IllegalArgumentException(
                    "spans must end within the text, got end=%d, length=%d"
                            .formatted(span.end(), text.length()));
        }
    }

    /** The answer in the document's words. */
    public String answerText() {
        return answer.of(text);
    }
}
