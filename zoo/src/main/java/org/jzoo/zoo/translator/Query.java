package org.jzoo.zoo.translator;

import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * What is asked of a model.
 *
 * @param first a text
 * @param second the text that goes with it, or null
 */
public record Query(String first, String second) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no first text
     */
    public Query {
        if (first == null) {
            throw new IllegalArgumentException("text must be a text, got text=null");
        }
    }

    /** A single text. */
    public static Query of(String text) {
        return new Query(text, null);
    }

    /** A pair. */
    public static Query of(TextPair pair) {
        if (pair == null) {
            throw new IllegalArgumentException("pair must be two texts, got pair=null");
        }
        return new Query(pair.first(), pair.second());
    }

    Tokenized tokenize(TextTokenizer tokenizer) {
        TokenizedText tokens =
                second == null ? tokenizer.encode(first) : tokenizer.encode(first, second);
        return new Tokenized(this, tokens);
    }

    /** A query with its tokens. */
    record Tokenized(Query query, TokenizedText tokens) {}
}
