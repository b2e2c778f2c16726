package org.jzoo.zoo.document;

import java.io.Reader;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A question about a document of any length.
 *
 * @param document is read once, from its beginning
 * @param question in words, not blank
 */
public record LongQuestion(LongText document, String question) {

    /** Checks that both are there. */
    public LongQuestion {
        Objects.requireNonNull(document, "document");
        if (question == null || question.isBlank()) {
            throw new IllegalArgumentException(
                    "question must not be blank, got question=" + question);
        }
    }

    /** About a text file. */
    public static LongQuestion of(Path document, String question) {
        return new LongQuestion(LongText.of(document), question);
    }

    /** About what a reader gives. */
    public static LongQuestion of(Reader document, String question) {
        return new LongQuestion(LongText.of(document), question);
    }

    /** About these characters. */
    public static LongQuestion of(String document, String question) {
        return new LongQuestion(LongText.of(document), question);
    }
}
