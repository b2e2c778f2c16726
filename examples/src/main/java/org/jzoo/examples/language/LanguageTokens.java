package org.jzoo.examples.language;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.text.TokenizedText;

/**
 * A text as a model reads it.
 *
 * @param ids the tokens (N)
 * @param foretold bytes of the text in UTF-8 that come after the first token, which nothing
 *     foretells
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of text: equality is never asked for.
record LanguageTokens(int[] ids, long foretold) {

    // Tokenizers take some hundred bytes of memory for a token while they work.
    private static final int PIECE = 1 << 18;

    /** Tokenizes piece by piece, each of which ends with a line where lines are not too long. */
    static LanguageTokens of(LanguageText text, TextTokens tokens) {
        String all = text.joined();
        IntStream.Builder ids = IntStream.builder();
        long bytes = 0;
        boolean begun = false;
        for (int from = 0; from < all.length(); ) {
            int to = end(all, from);
            String piece = all.substring(from, to);
            TokenizedText read = tokens.of(piece);
            for (long id : read.ids()) {
                ids.add((int) id);
            }
            if (begun) {
                bytes += bytes(piece);
            } else if (read.ids().length > 0) {
                begun = true;
                bytes += bytes(piece.substring(read.ends()[0]));
            }
            from = to;
        }
        return new LanguageTokens(ids.build().toArray(), bytes);
    }

    private static int end(String text, int from) {
        int to = from + PIECE;
        if (to >= text.length()) {
            return text.length();
        }
        int line = text.lastIndexOf('\n', to - 1) + 1;
        if (line > from) {
            return line;
        }
        return Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    int size() {
        return ids.length;
    }
}
