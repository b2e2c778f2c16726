package org.jzoo.examples.tagging;

/** What learns to label the values in the Factbook's pages. */
public enum FactbookReader {
    /** A fresh J3 that learns from excerpts. */
    J3,
    /** MiniLM, all of whose weights learn from windows. */
    MINILM
}
