package org.jzoo.examples.longqa;

/** What answers questions about the Factbook's countries. */
public enum FactbookVariant {
    /** J3 reads the whole document. */
    WHOLE("J3, whole document"),
    /** The same J3, trained and asked with the first 512 tokens of each document. */
    TRUNCATED("J3, first 512 tokens"),
    /** BM25's best line, read by {@link LineRule}; nothing is trained. */
    BM25("BM25, rule"),
    /** The line of BM25's best 20 that is closest by MiniLM, read by {@link LineRule}. */
    MINILM("BM25 + MiniLM, rule");

    private final String label;

    FactbookVariant(String label) {
        this.label = label;
    }

    /** What tables call it. */
    public String label() {
        return label;
    }

    /** Whether it is trained, with seeds. */
    public boolean trained() {
        return this == WHOLE || this == TRUNCATED;
    }
}
