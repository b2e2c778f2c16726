package org.jzoo.zoo.image;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Decodes pictures with DJL's image factory, which is ImageIO unless a program sets another. */
public final class Pictures {

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
            return ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(bytes));
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

    private static String[] formats() {
        return Arrays.stream(ImageIO.getReaderFormatNames())
                .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                .distinct()
                .sorted()
                .toArray(String[]::new);
    }
}
