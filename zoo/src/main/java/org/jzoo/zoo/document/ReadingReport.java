package org.jzoo.zoo.document;

/**
 * What was read of a text.
 *
 * @param encoding of the bytes, or null if characters were given
 * @param characters of the source that tokens were made of
 * @param tokens handed out
 * @param chunks handed out
 * @param forcedCuts pieces that end in the middle of what may be one word
 * @param replaced malformed byte sequences that became U+FFFD
 */
public record ReadingReport(
        String encoding,
        long characters,
        long tokens,
        long chunks,
        long forcedCuts,
        long replaced) {

    @Override
    public String toString() {
        StringBuilder words =
                new StringBuilder(
                        "%,d characters, %,d tokens, %,d %s"
                                .formatted(
                                        characters,
                                        tokens,
                                        chunks,
                                        chunks == 1 ? "chunk" : "chunks"));
        if (encoding != null && !encoding.equals("UTF-8")) {
            words.append(", ").append(encoding);
        }
        if (replaced > 0) {
            words.append(", %,d malformed byte sequences replaced".formatted(replaced));
        }
        if (forcedCuts > 0) {
            words.append(", %,d cuts within long words".formatted(forcedCuts));
        }
        return words.toString();
    }
}
