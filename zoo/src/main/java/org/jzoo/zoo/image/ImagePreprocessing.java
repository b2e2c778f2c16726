package org.jzoo.zoo.image;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * How a picture becomes the numbers that a model reads: scaled, cut, and {@code (pixel / 255 -
 * mean) / std} for each channel.
 *
 * @param height rows of the result (Hi), at least 1
 * @param width columns of the result (Wi), at least 1
 * @param shortestEdge 0 stretches the picture to height × width; a size above 0 scales its shorter
 *     side to it, keeps the proportions, and cuts height × width out of the middle
 * @param resampling how pixels are weighed
 * @param mean of each channel, in [0, 1]; one for grey pictures, three for red, green and blue
 * @param std of each channel, positive
 */
public record ImagePreprocessing(
        int height,
        int width,
        int shortestEdge,
        Resampling resampling,
        List<Double> mean,
        List<Double> std) {

    private static final double WHITE = 255;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public ImagePreprocessing {
        Objects.requireNonNull(resampling, "resampling");
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (height < 1 || width < 1 || shortestEdge < 0) {
            throw new IllegalArgumentException(
                    "height and width must be >= 1 and shortestEdge >= 0, got height=%d, width=%d, shortestEdge=%d"
                            .formatted(height, width, shortestEdge));
        }
        boolean one = mean.size() == 1 || mean.size() == 3;
        if (!one || std.size() != mean.size() || std.stream().anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException(
                    "mean and std must have 1 or 3 numbers, std above 0, got mean=%s, std=%s"
                            .formatted(mean, std));
        }
    }

    /** As most vision transformers: stretched to a square, numbers from -1 to 1. */
    public static ImagePreprocessing stretched(int size, int channels) {
        List<Double> half = Collections.nCopies(channels, 0.5);
        return new ImagePreprocessing(size, size, 0, Resampling.BILINEAR, half, half);
    }

    /** As CLIP: the shorter side scaled, the middle cut out, the statistics of its data. */
    public static ImagePreprocessing clip(int size) {
        return new ImagePreprocessing(
                size,
                size,
                size,
                Resampling.BICUBIC,
                List.of(0.48145466, 0.4578275, 0.40821073),
                List.of(0.26862954, 0.26130258, 0.27577711));
    }

    /** The same for results of another size. */
    public ImagePreprocessing withSize(int newHeight, int newWidth) {
        int edge = shortestEdge == 0 ? 0 : Math.min(newHeight, newWidth);
        return new ImagePreprocessing(newHeight, newWidth, edge, resampling, mean, std);
    }

    /** Numbers per pixel (C). */
    public int channels() {
        return mean.size();
    }

    /**
     * The numbers of one picture.
     *
     * @return (C, Hi, Wi), flat
     * @throws IllegalArgumentException if there is no picture
     */
    public float[] pixels(Image image) {
        float[] values = new float[channels() * height * width];
        normalize(samples(image), values, 0);
        return values;
    }

    /**
     * One picture scaled and cut, a byte a number: what to keep of pictures that are used often.
     *
     * @return (C, Hi, Wi), flat, unsigned
     * @throws IllegalArgumentException if there is no picture
     */
    public byte[] samples(Image image) {
        if (image == null) {
            throw new IllegalArgumentException("image must be a picture, got image=null");
        }
        PixelRows rows = PixelRows.of(image);
        int[] scaled = scaling(rows).apply(rows, channels(), height, width);
        byte[] samples = new byte[scaled.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) scaled[i];
        }
        return samples;
    }

    private void normalize(byte[] samples, float[] values, int offset) {
        int size = height * width;
        for (int c = 0; c < channels(); c++) {
            double centre = mean.get(c);
            double spread = std.get(c);
            for (int i = c * size; i < (c + 1) * size; i++) {
                values[offset + i] = (float) (((samples[i] & 0xff) / WHITE - centre) / spread);
            }
        }
    }

    private Scaling scaling(PixelRows rows) {
        if (shortestEdge == 0) {
            return new Scaling(height, width, 0, 0, resampling);
        }
        long shorter = Math.min(rows.width(), rows.height());
        int tall = Math.toIntExact(shortestEdge * (long) rows.height() / shorter);
        int wide = Math.toIntExact(shortestEdge * (long) rows.width() / shorter);
        return new Scaling(
                tall,
                wide,
                Math.floorDiv(tall - height, 2),
                Math.floorDiv(wide - width, 2),
                resampling);
    }

    /** The numbers of pictures: (B, C, Hi, Wi) float32. */
    public NDArray batch(NDManager manager, List<Image> images) {
        return batchOfSamples(manager, images.stream().map(this::samples).toList());
    }

    /**
     * The numbers of pictures of which {@link #samples} were kept: (B, C, Hi, Wi) float32.
     *
     * @throws IllegalArgumentException if a picture is of another size
     */
    public NDArray batchOfSamples(NDManager manager, List<byte[]> pictures) {
        int size = channels() * height * width;
        float[] all = new float[pictures.size() * size];
        for (int i = 0; i < pictures.size(); i++) {
            if (pictures.get(i).length != size) {
                throw new IllegalArgumentException(
                        "a picture must have channels * height * width samples, got samples=%d, channels=%d, height=%d, width=%d"
                                .formatted(pictures.get(i).length, channels(), height, width));
            }
            normalize(pictures.get(i), all, i * size);
        }
        return manager.create(all, new Shape(pictures.size(), channels(), height, width));
    }
}
