package org.jzoo.zoo.document;

import java.util.Objects;

/**
 * A labelled stretch of a document. Offsets count as those of {@link Evidence} do.
 *
 * @param words the stretch as it stands in the document
 * @param label its label, without the "B-" and "I-" of labels that mark beginnings
 * @param score probability of the label, the mean over the stretch's words
 * @param start offset of its first character in the document
 * @param end offset past its last character
 * @param page that it begins on, from 1
 */
public record LongLabel(String words, String label, float score, long start, long end, int page) {

    /** Checks that the texts are there. */
    public LongLabel {
        Objects.requireNonNull(words, "words");
        Objects.requireNonNull(label, "label");
    }
}
