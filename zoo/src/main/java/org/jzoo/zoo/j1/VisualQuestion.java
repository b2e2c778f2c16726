package org.jzoo.zoo.j1;

import ai.djl.modality.cv.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jzoo.zoo.image.Pictures;

/**
 * A question about a picture, or the one without the other.
 *
 * @param image the picture; null if it is missing
 * @param text the question; null if it is missing
 */
public record VisualQuestion(Image image, String text) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if both are missing
     */
    public VisualQuestion {
        if (image == null && text == null) {
            throw new IllegalArgumentException("image or text must be there, got neither");
        }
    }

    /**
     * A question about the picture in a file.
     *
     * @throws IOException if the file is no picture or a damaged one; the message names it
     */
    public static VisualQuestion of(Path picture, String text) throws IOException {
        return new VisualQuestion(Pictures.read(picture), text);
    }

    /**
     * A question about an encoded picture.
     *
     * @throws IOException if the bytes are no picture or a damaged one
     */
    public static VisualQuestion of(byte[] picture, String text) throws IOException {
        return new VisualQuestion(Pictures.read("picture", picture), text);
    }

    /**
     * A question about an encoded picture, read to its end and not closed.
     *
     * @throws IOException if it cannot be read, is no picture or a damaged one
     */
    public static VisualQuestion of(InputStream picture, String text) throws IOException {
        return of(picture.readAllBytes(), text);
    }
}
