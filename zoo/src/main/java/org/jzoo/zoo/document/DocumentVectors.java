package org.jzoo.zoo.document;

import java.io.IOException;

/** Turns documents of any length into vectors. */
@FunctionalInterface
public interface DocumentVectors {

    /**
     * The vector of a document.
     *
     * @throws IllegalArgumentException if the document is blank
     * @throws IOException if the document cannot be read, or is no text
     */
    float[] embed(LongText document) throws IOException;
}
