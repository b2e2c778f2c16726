package org.jzoo.examples.longqa;

import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.document.DocumentQuestion;

/**
 * Questions of one file.
 *
 * @param name what cards and logs call the file; empty for none
 * @param hash SHA-256 of the file; empty if unknown
 * @param questions about documents
 */
public record SpanPart(String name, String hash, List<DocumentQuestion> questions) {

    /** No questions. */
    public static final SpanPart NONE = new SpanPart("", "", List.of());

    /** Copies the list. */
    public SpanPart {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        questions = List.copyOf(questions);
    }

    /** Other questions of the same file. */
    SpanPart with(List<DocumentQuestion> some) {
        return new SpanPart(name, hash, some);
    }

    boolean isEmpty() {
        return questions.isEmpty();
    }
}
