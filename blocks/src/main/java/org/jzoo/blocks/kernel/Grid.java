package org.jzoo.blocks.kernel;

/**
 * How the patches of an image lie: the last {@code rows · columns} tokens of a sequence, row by
 * row. What stands before them, such as a class token, has no place in the grid.
 *
 * @param rows patches from top to bottom, at least 1
 * @param columns patches from left to right, at least 1
 */
public record Grid(int rows, int columns) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a side is below 1
     */
    public Grid {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "rows and columns must be >= 1, got rows=%d, columns=%d"
                            .formatted(rows, columns));
        }
    }

    /** The number of patches (N). */
    public int size() {
        return rows * columns;
    }
}
