package org.jzoo.training.metric;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Answers as SQuAD compares them. */
final class AnswerText {

    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}+");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private AnswerText() {}

    /** Lower case, without ASCII punctuation and articles, single spaces. */
    static String normalize(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        String plain = ARTICLES.matcher(bare).replaceAll(" ");
        return SPACES.matcher(plain).replaceAll(" ").strip();
    }

    /** The words of the normalised text; none of an empty one. */
    static List<String> words(String text) {
        String plain = normalize(text);
        return plain.isEmpty() ? List.of() : List.of(plain.split(" ", -1));
    }
}
