package org.jzoo.blocks.embedding;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.part.Option;

/** A choice of what makes tokens of an image: patches or convolutions. */
public interface ImageStemOption extends Option {

    /** Channels of the images (C). */
    int channels();

    /** Builds the stem for width {@code dim}: (B, C, Hi, Wi) to (B, N, D) in float32. */
    Block create(int dim);

    /**
     * How the tokens of images lie.
     *
     * @param images (B, C, Hi, Wi)
     * @throws IllegalArgumentException if the images have other channels or unfit sides
     */
    Grid grid(Shape images);

    /** Checks that images are (B, C, Hi, Wi). */
    static void requireChannels(Shape images, int channels) {
        if (images.dimension() != 4 || images.get(1) != channels) {
            throw new IllegalArgumentException(
                    "images must be (B, C, Hi, Wi) with C=%d, got %s".formatted(channels, images));
        }
    }
}
