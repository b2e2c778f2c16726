package org.jzoo.datasets.document;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;

/** Opens a document's file as text, by whatever reads files of its kind. */
@FunctionalInterface
public interface DocumentOpener {

    /** The characters from the beginning; the caller closes the reader. */
    Reader open(Path file) throws IOException;
}
