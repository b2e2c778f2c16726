package org.jzoo.zoo.document;

import java.util.Objects;

/**
 * A possible answer with the sentence or line that it stands in. Offsets count Java characters
 * (UTF-16 units) of the decoded source from 0, line ends as they stand there; a byte-order mark is
 * none. Of a PDF they count those of its text, in which a form feed ends a page.
 *
 * @param answer the answer in the document's words
 * @param start offset of its first character in the document
 * @param end offset past its last character
 * @param page its page, from 1
 * @param probability of being the answer, in [0, 1]
 * @param sentence the sentence or line around it
 * @param sentenceStart offset of the sentence's first character
 */
public record Evidence(
        String answer,
        long start,
        long end,
        int page,
        double probability,
        String sentence,
        long sentenceStart) {

    /** Checks that the texts are there. */
    public Evidence {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(sentence, "sentence");
    }

    /** Offset past the sentence's last character. */
    public long sentenceEnd() {
        return sentenceStart + sentence.length();
    }
}
