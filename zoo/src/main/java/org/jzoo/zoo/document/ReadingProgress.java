package org.jzoo.zoo.document;

/** Is told how far a text has been read. */
@FunctionalInterface
public interface ReadingProgress {

    /**
     * A chunk was read.
     *
     * @param chunks chunks read so far
     * @param tokens tokens read so far
     * @param characters of the source read so far
     */
    void read(long chunks, long tokens, long characters);
}
