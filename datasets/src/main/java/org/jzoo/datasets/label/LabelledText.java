package org.jzoo.datasets.label;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A text with labelled stretches, which may touch, but not overlap.
 *
 * @param name what the text is called: a file, a row
 * @param text the whole text
 * @param spans its stretches in their order
 */
public record LabelledText(String name, String text, List<LabelledSpan> spans) {

    /** Sorts the stretches and checks that they lie in the text, one after the other. */
    public LabelledText {
        Objects.requireNonNull(name, "name");
        spans = spans.stream().sorted(Comparator.comparingInt(LabelledSpan::start)).toList();
        for (int i = 0; i < spans.size(); i++) {
            LabelledSpan span = spans.get(i);
            if (span.end() > text.length()) {
                throw new IllegalArgumentException(
                        "spans must end within the text of %d characters, got %s; start and end count UTF-16 units from 0, the end is that after the last character"
                                .formatted(text.length(), span));
            }
            if (i > 0 && span.start() < spans.get(i - 1).end()) {
                throw new IllegalArgumentException(
                        "spans must not overlap, got %s and %s; keep one of them"
                                .formatted(spans.get(i - 1), span));
            }
        }
    }
}
