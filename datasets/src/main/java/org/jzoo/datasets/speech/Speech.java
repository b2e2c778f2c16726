package org.jzoo.datasets.speech;

import java.util.Objects;

/**
 * One address.
 *
 * @param year in which it was given
 * @param president who gave it
 * @param party the president's party, as the source writes it
 * @param text what was said
 */
public record Speech(int year, String president, String party, String text) {

    /**
     * Validates.
     *
     * @throws NullPointerException if a text is null
     */
    public Speech {
        Objects.requireNonNull(president, "president");
        Objects.requireNonNull(party, "party");
        Objects.requireNonNull(text, "text");
    }
}
