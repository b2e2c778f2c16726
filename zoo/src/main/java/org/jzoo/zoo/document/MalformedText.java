package org.jzoo.zoo.document;

/** What happens to bytes that are no text in the encoding. */
public enum MalformedText {
    /** Each malformed sequence becomes U+FFFD and is counted. */
    REPLACE,
    /** The first one is an error. */
    REJECT
}
