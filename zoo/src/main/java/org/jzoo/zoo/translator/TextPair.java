package org.jzoo.zoo.translator;

import java.util.Objects;

/**
 * Two texts that a model reads together: a premise and a hypothesis, a question and a passage.
 *
 * @param first never null
 * @param second never null
 */
public record TextPair(String first, String second) {

    /** Validates. */
    public TextPair {
        Objects.requireNonNull(first, "first must be a text, got first=null");
        Objects.requireNonNull(second, "second must be a text, got second=null");
    }
}
