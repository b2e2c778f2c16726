package org.jzoo.examples.longqa;

import java.util.Objects;
import org.jzoo.zoo.text.TokenizedText;

/**
 * A question about a tokenised text.
 *
 * @param text what the offsets of the tokens count in
 * @param tokens of the text (N), shared by questions about one text
 * @param question tokens of the question (Q)
 * @param first the answer's first token, or N if the text has no answer
 * @param last the answer's last token, or N
 * @param answer the answer's words
 */
public record SpanExample(
        String text, TokenizedText tokens, long[] question, int first, int last, String answer) {

    /** Checks that the answer is in the text. */
    public SpanExample {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(answer, "answer");
        int length = tokens.ids().length;
        if (first < 0 || last < first || last > length || (last == length && first < length)) {
            throw new IllegalArgumentException(
                    "first and last must be tokens in order or both %d, got first=%d, last=%d"
                            .formatted(length, first, last));
        }
    }

    /** N, the number of tokens. */
    public int length() {
        return tokens.ids().length;
    }

    /** Whether the text has an answer. */
    public boolean answered() {
        return first < length();
    }

    /** The words from one token to another. */
    public String words(int from, int to) {
        return text.substring(tokens.starts()[from], tokens.ends()[to]);
    }
}
