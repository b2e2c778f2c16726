package org.jzoo.datasets.vision;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.jzoo.datasets.text.DataException;

/** Decodes picture files and scales them the same way on every platform. */
final class PictureFile {

    private PictureFile() {}

    /** The picture on a white square of {@code side} pixels, {@code (side, side, 3)}. */
    static byte[] rgb(Path file, int side) {
        if (side < 1) {
            throw new IllegalArgumentException("side must be >= 1, got side=" + side);
        }
        BufferedImage image = read(file);
        int longer = Math.max(image.getWidth(), image.getHeight());
        int width = Math.max(1, Math.round((float) image.getWidth() * side / longer));
        int height = Math.max(1, Math.round((float) image.getHeight() * side / longer));
        byte[] rgb = new byte[side * side * 3];
        Arrays.fill(rgb, (byte) 0xFF);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = ((y + (side - height) / 2) * side + x + (side - width) / 2) * 3;
                average(
                        image,
                        new Span(x, width, image.getWidth()),
                        new Span(y, height, image.getHeight()),
                        rgb,
                        at);
            }
        }
        return rgb;
    }

    /** Whether Java's imaging knows this file's format, seen from its first bytes. */
    static boolean isPicture(Path file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            return in != null && ImageIO.getImageReaders(in).hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "must be a picture, got no file");
        }
        BufferedImage image;
        try {
            image = ImageIO.read(file.toFile());
        } catch (IOException | RuntimeException e) {
            // Java's decoders answer some broken files with exceptions of their own making.
            throw new DataException(
                    file.toString(), "must be an unbroken picture, got " + e.getMessage());
        }
        if (image == null) {
            throw new DataException(
                    file.toString(), "must be a picture, got a file of another kind");
        }
        return image;
    }

    /**
     * The source pixels that target pixel {@code i} of {@code n} covers, of {@code size}: at least
     * one.
     */
    private record Span(int first, int last) {

        Span(int i, int n, int size) {
            this(
                    (int) ((long) i * size / n),
                    (int) Math.max((long) i * size / n, ((long) (i + 1) * size + n - 1) / n - 1));
        }
    }

    /** Writes the mean colour of a box of pixels, laid on white by their opacity. */
    private static void average(BufferedImage image, Span xs, Span ys, byte[] rgb, int at) {
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int y = ys.first; y <= ys.last; y++) {
            for (int x = xs.first; x <= xs.last; x++) {
                int argb = image.getRGB(x, y);
                int alpha = argb >>> 24;
                int white = 255 * (255 - alpha);
                red += alpha * (argb >> 16 & 0xFF) + white;
                green += alpha * (argb >> 8 & 0xFF) + white;
                blue += alpha * (argb & 0xFF) + white;
            }
        }
        long scale = 255L * (xs.last - xs.first + 1) * (ys.last - ys.first + 1);
        rgb[at] = (byte) ((red + scale / 2) / scale);
        rgb[at + 1] = (byte) ((green + scale / 2) / scale);
        rgb[at + 2] = (byte) ((blue + scale / 2) / scale);
    }
}
