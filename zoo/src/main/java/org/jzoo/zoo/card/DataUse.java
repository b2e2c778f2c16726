package org.jzoo.zoo.card;

import java.util.Objects;

/**
 * Data that a model learned from or was judged on.
 *
 * @param name what the data is called
 * @param split the part and how it was chosen, such as "test, fixed by hash"
 * @param examples how many
 * @param sha256 of the content; empty if unknown
 */
public record DataUse(String name, String split, long examples, String sha256) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code examples} is negative
     */
    public DataUse {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(sha256, "sha256");
        if (examples < 0) {
            throw new IllegalArgumentException("examples must be >= 0, got examples=" + examples);
        }
    }
}
