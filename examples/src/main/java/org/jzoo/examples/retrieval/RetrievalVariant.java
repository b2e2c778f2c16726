package org.jzoo.examples.retrieval;

import java.util.Locale;

/** J1's retriever and what it is compared with, all trained with the same loss and data. */
public enum RetrievalVariant {
    /** J1's two encoders, on pictures that are turned, moved and recoloured while training. */
    J1(0),
    /** The same on pictures as they are. */
    J1_PLAIN(0),
    /** The mean of words' vectors and a map of the picture's colours. */
    COLOURS(1),
    /** The mean of words' vectors and a map of the colours of three by three parts. */
    PLACED_COLOURS(3);

    private final int cells;

    RetrievalVariant(int cells) {
        this.cells = cells;
    }

    /** The variant of that name, such as {@code placed-colours}. */
    public static RetrievalVariant named(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "variant must be one of j1, j1-plain, colours, placed-colours, got variant="
                            + name,
                    e);
        }
    }

    /** The name as it is typed. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is a J1. */
    public boolean isJ1() {
        return cells == 0;
    }

    /** Whether pictures are changed while training. */
    public boolean changesPictures() {
        return this != J1_PLAIN;
    }

    /** Parts of a picture in a row and in a column whose colours are counted. */
    int cells() {
        return cells;
    }
}
