package org.jzoo.zoo.text;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The tokens that a tokenizer puts around a text, such as {@code [CLS]} and {@code [SEP]}.
 *
 * @param before ids that stand for a text's beginning
 * @param after ids that stand for its end
 */
public record TokenFrame(long[] before, long[] after) {

    /** No tokens. */
    public static final TokenFrame NONE = new TokenFrame(new long[0], new long[0]);

    /** What a tokenizer puts around a single text. */
    public static TokenFrame of(TextTokenizer tokenizer) {
        TokenizedText framed = tokenizer.encode("a");
        int length = framed.ids().length;
        int first = 0;
        while (first < length && framed.ends()[first] <= 0) {
            first++;
        }
        long[] after =
                IntStream.range(first, length)
                        .filter(i -> framed.ends()[i] <= 0)
                        .mapToLong(i -> framed.ids()[i])
                        .toArray();
        return new TokenFrame(LongStream.of(framed.ids()).limit(first).toArray(), after);
    }

    /** How many tokens it adds. */
    public int length() {
        return before.length + after.length;
    }
}
