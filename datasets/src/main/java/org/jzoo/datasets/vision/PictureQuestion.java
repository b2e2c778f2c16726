package org.jzoo.datasets.vision;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A question about a picture file.
 *
 * @param row the row in its file, counted from 1, the header not counted
 * @param image the picture's file
 * @param question the question in words
 * @param answer the answer in words, or null where none is known
 */
public record PictureQuestion(long row, Path image, String question, String answer) {

    /** Checks that picture and question are there. */
    public PictureQuestion {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(question, "question");
    }
}
