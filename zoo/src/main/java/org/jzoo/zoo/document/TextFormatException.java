package org.jzoo.zoo.document;

import java.nio.charset.CharacterCodingException;

/** Bytes that are no text, or not in the encoding they were taken for. */
public final class TextFormatException extends CharacterCodingException {

    private static final long serialVersionUID = 1L;

    private final String message;

    /** Says what must hold and what was found. */
    public TextFormatException(String message) {
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
