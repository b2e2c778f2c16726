package org.jzoo.blocks.embedding;

/**
 * How images are cut and mapped; see {@link PatchEmbedding}.
 *
 * @param channels of the images (C), at least 1
 * @param size side of a patch in pixels (P), at least 1
 * @param bias whether the map has a bias
 */
public record PatchOption(int channels, int size, boolean bias) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is below 1
     */
    public PatchOption {
        if (channels < 1 || size < 1) {
            throw new IllegalArgumentException(
                    "channels and size must be >= 1, got channels=%d, size=%d"
                            .formatted(channels, size));
        }
    }
}
