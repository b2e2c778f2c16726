package org.jzoo.zoo.document;

import java.util.Arrays;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * The tokens that stand for a text's beginning and end.
 *
 * @param before those that come first
 * @param after those that come last
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: equality is never asked for.
public record TextFrame(long[] before, long[] after) {

    /** No tokens. */
    public static final TextFrame NONE = new TextFrame(new long[0], new long[0]);

    /** Those that a tokenizer puts around texts. */
    public static TextFrame of(TextTokenizer tokenizer) {
        TokenizedText letter = tokenizer.encode("a");
        int length = letter.ids().length;
        int first = 0;
        while (first < length && letter.ends()[first] <= 0) {
            first++;
        }
        int last = length;
        while (last > first && letter.ends()[last - 1] <= 0) {
            last--;
        }
        return new TextFrame(
                Arrays.copyOf(letter.ids(), first), Arrays.copyOfRange(letter.ids(), last, length));
    }

    /** How many tokens they are. */
    public int length() {
        return before.length + after.length;
    }

    /** Some tokens between them. */
    public long[] around(long... ids) {
        long[] all = Arrays.copyOf(before, length() + ids.length);
        System.arraycopy(ids, 0, all, before.length, ids.length);
        System.arraycopy(after, 0, all, before.length + ids.length, after.length);
        return all;
    }
}
