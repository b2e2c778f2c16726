package org.jzoo.examples.embedding;

/** What makes vectors of speeches. */
public enum EmbeddingVariant {
    /** A J3 that was trained on other speeches reads each half whole. */
    WHOLE("J3, whole"),
    /** The same J3 reads the first 512 tokens of each half. */
    START("J3, first 512 tokens"),
    /** MiniLM, as it is, reads windows, whose vectors are averaged. */
    WINDOWS("MiniLM, mean of windows"),
    /** No vectors: the words that halves share, by BM25. */
    WORDS("BM25");

    private final String label;

    EmbeddingVariant(String label) {
        this.label = label;
    }

    /** What tables call it. */
    public String label() {
        return label;
    }
}
