package org.jzoo.datasets.text;

/** Turns a text or a pair into token ids: what a data set needs to know of a tokenizer. */
@FunctionalInterface
public interface TextEncoding {

    /**
     * Encodes without padding, truncated to what the model takes.
     *
     * @param text the text
     * @param pairOrNull the second text, or null
     * @return ids, segment ids and the length before truncation
     */
    Encoded encode(String text, String pairOrNull);

    /** The id that fills a batch's shorter rows; 0 unless a tokenizer says otherwise. */
    default long padId() {
        return 0;
    }
}
