package org.jzoo.zoo.image;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes pictures with DJL's image factory, which is ImageIO unless a program sets another.
 *
 * <p>With ImageIO memory is bounded: of pictures above {@value #MOST_DECODED} pixels only every
 * second, third, … pixel of every second, third, … row is decoded, until no more are left, and
 * those above {@value #MOST_PIXELS} pixels are refused before anything is decoded.
 */
public final class Pictures {

    /** Pixels that are decoded at most: 4,096 · 4,096. */
    public static final long MOST_DECODED = 1L << 24;

    /** Pixels of the largest picture: 16,384 · 16,384. */
    public static final long MOST_PIXELS = 1L << 28;

    private static final Pattern CUT =
            Pattern.compile("premature end|truncated", Pattern.CASE_INSENSITIVE);

    private Pictures() {}

    /**
     * Reads a file.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is no picture or a damaged one; the message names it
     */
    public static Image read(Path file) throws IOException {
        return read(file.toString(), Files.readAllBytes(file));
    }

    /**
     * Decodes bytes.
     *
     * @param origin what messages call them
     * @throws IOException if they are no picture or a damaged one
     */
    public static Image read(String origin, byte[] bytes) throws IOException {
        try {
            BufferedImage decoded = decoded(bytes);
            return decoded != null
                    ? ImageFactory.getInstance().fromImage(decoded)
                    : ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(bytes));
        } catch (IOException | RuntimeException e) {
            // Decoders throw whatever a damaged file makes them run into.
            throw new IOException(
                    "%s must be an undamaged picture (%s), got %d bytes that cannot be decoded: %s"
                            .formatted(
                                    origin,
                                    String.join(", ", formats()),
                                    bytes.length,
                                    e.getMessage()),
                    e);
        }
    }

    /** Decoded by ImageIO, large ones thinned; null for other image factories and formats. */
    private static BufferedImage decoded(byte... bytes) throws IOException {
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!(ImageFactory.getInstance() instanceof BufferedImageFactory)
                    || !readers.hasNext()) {
                return null;
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                // The decoder of JPEG makes up what a cut file lacks, and only warns.
                List<String> cut = new ArrayList<>();
                reader.addIIOReadWarningListener(
                        (source, warning) -> {
                            if (CUT.matcher(warning).find()) {
                                cut.add(warning);
                            }
                        });
                ImageReadParam every = reader.getDefaultReadParam();
                int step = step(reader.getWidth(0), reader.getHeight(0));
                every.setSourceSubsampling(step, step, 0, 0);
                BufferedImage decoded = reader.read(0, every);
                if (!cut.isEmpty()) {
                    throw new IOException(cut.get(0));
                }
                return decoded;
            } finally {
                reader.dispose();
            }
        }
    }

    private static int step(long width, long height) throws IOException {
        if (width * height > MOST_PIXELS) {
            throw new IOException(
                    "it must have at most %,d pixels, got %,d x %,d"
                            .formatted(MOST_PIXELS, width, height));
        }
        int step = 1;
        while (ceil(width, step) * ceil(height, step) > MOST_DECODED) {
            step++;
        }
        return step;
    }

    private static long ceil(long size, int step) {
        return Math.floorDiv(size - 1, (long) step) + 1;
    }

    private static String[] formats() {
        return Arrays.stream(ImageIO.getReaderFormatNames())
                .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                .distinct()
                .sorted()
                .toArray(String[]::new);
    }
}
