package org.jzoo.examples.deep;

/**
 * The numbers of a comparison: the same for every variant.
 *
 * @param dim width (D), a multiple of 4
 * @param numLayers layers (L), at least 1
 * @param batch windows of a step, each {@code length} characters long
 * @param steps optimizer steps, at least 1
 */
public record DeepConfig(int dim, int numLayers, Batch batch, int steps) {

    /**
     * What a step reads.
     *
     * @param size windows, at least 1
     * @param length characters of each, at least 1
     */
    public record Batch(int size, int length) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is below 1
         */
        public Batch {
            if (size < 1 || length < 1) {
                throw new IllegalArgumentException(
                        "size and length must be >= 1, got size=%d, length=%d"
                                .formatted(size, length));
            }
        }
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public DeepConfig {
        if (dim < 4 || dim % 4 != 0 || numLayers < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "dim must be a multiple of 4, numLayers and steps >= 1, got dim=%d, numLayers=%d, steps=%d"
                            .formatted(dim, numLayers, steps));
        }
    }

    /** The published comparison: 64 layers of width 32. */
    public static DeepConfig full() {
        return new DeepConfig(32, 64, new Batch(8, 32), 120);
    }
}
