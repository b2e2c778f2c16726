package org.jzoo.zoo.document;

/** Reads a document's tokens chunk by chunk and remembers what it read. */
@FunctionalInterface
public interface ChunkScores {

    /**
     * Reads the next tokens.
     *
     * @param ids of the tokens (T)
     * @return for each token the logits that the answer begins with it and ends with it (T, 2)
     */
    float[][] read(long[] ids);
}
