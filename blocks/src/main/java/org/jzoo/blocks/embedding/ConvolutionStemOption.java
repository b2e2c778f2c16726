package org.jzoo.blocks.embedding;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.kernel.Grid;

/**
 * Chooses {@link ConvolutionStem}.
 *
 * @param channels of the images (C), at least 1
 * @param widths channels after each convolution, at least one; each halves the image's sides
 * @param groups of each norm, a divisor of all widths
 */
public record ConvolutionStemOption(int channels, List<Integer> widths, int groups)
        implements ImageStemOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public ConvolutionStemOption {
        widths = List.copyOf(widths);
        if (channels < 1 || widths.isEmpty() || groups < 1) {
            throw new IllegalArgumentException(
                    "channels, the number of widths and groups must be >= 1, got channels=%d,"
                                    .formatted(channels)
                            + " widths=%s, groups=%d".formatted(widths, groups));
        }
        for (int width : widths) {
            if (width < 1 || width % groups != 0) {
                throw new IllegalArgumentException(
                        "groups must divide all widths, got groups=%d, widths=%s"
                                .formatted(groups, widths));
            }
        }
    }

    @Override
    public ConvolutionStem create(int dim) {
        return new ConvolutionStem(this, dim);
    }

    @Override
    public Grid grid(Shape images) {
        ImageStemOption.requireChannels(images, channels);
        int height = Math.toIntExact(images.get(2));
        int width = Math.toIntExact(images.get(3));
        for (int i = 0; i < widths.size(); i++) {
            height = (height + 1) / 2;
            width = (width + 1) / 2;
        }
        return new Grid(height, width);
    }
}
