package org.jzoo.datasets.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question about a picture, in words and as numbers, with its answer.
 *
 * @param text the question in words, such as {@code what shape is the red object?}
 * @param code the question as a vector; its set says what the places mean. Not to be written to
 * @param answer the index of the answer in the set's list of answers
 * @param relational whether more than one object must be looked at
 * @param unseenPhrasing whether no training question is worded like this one
 */
public record VisualQuestion(
        String text, long[] code, int answer, boolean relational, boolean unseenPhrasing) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** Checks that the question is complete. */
    public VisualQuestion {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(code, "code");
        if (answer < 0) {
            throw new IllegalArgumentException("answer must be >= 0, got answer=" + answer);
        }
    }

    /** The words of the text in lower case, without punctuation. */
    public List<String> words() {
        return words(text);
    }

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
