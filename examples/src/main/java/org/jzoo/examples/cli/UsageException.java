package org.jzoo.examples.cli;

/** Wrong arguments: the message says which and what to type instead. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public UsageException(String message) {
        super(message);
    }
}
