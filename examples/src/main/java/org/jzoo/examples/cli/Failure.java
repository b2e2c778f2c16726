package org.jzoo.examples.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a user is told of an exception. */
final class Failure {

    private Failure() {}

    /** Its message; a file's name alone, as the JDK gives it, gets what is wrong with the file. */
    static String message(Throwable t) {
        String text = t.getMessage();
        if (text == null || text.isBlank()) {
            return t.toString();
        }
        if (t instanceof NoSuchFileException missing) {
            return "%s must exist, and its folder too".formatted(missing.getFile());
        }
        if (t instanceof AccessDeniedException denied) {
            return "%s must be open to this user".formatted(denied.getFile());
        }
        // The other exceptions of files are told apart by their class where they give no reason.
        return t instanceof FileSystemException file && file.getReason() == null
                ? "%s: %s".formatted(text, t.getClass().getSimpleName())
                : text;
    }
}
