package org.jzoo.blocks.embedding;

import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.Grid;

/**
 * How images are cut and mapped; see {@link PatchEmbedding}.
 *
 * @param channels of the images (C), at least 1
 * @param size side of a patch in pixels (P), at least 1
 * @param bias whether the map has a bias
 */
public record PatchOption(int channels, int size, boolean bias) implements ImageStemOption {

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

    @Override
    public PatchEmbedding create(int dim) {
        return new PatchEmbedding(this, dim);
    }

    @Override
    public Grid grid(Shape images) {
        ImageStemOption.requireChannels(images, channels);
        int height = Math.toIntExact(images.get(2));
        int width = Math.toIntExact(images.get(3));
        if (height < size || width < size || height % size != 0 || width % size != 0) {
            throw new IllegalArgumentException(
                    "patch size must divide height and width, got size=%d, height=%d, width=%d"
                            .formatted(size, height, width));
        }
        return new Grid(height / size, width / size);
    }
}
