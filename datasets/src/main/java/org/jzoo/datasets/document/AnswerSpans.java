package org.jzoo.datasets.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.datasets.longtext.Span;

/**
 * Finds a written answer in a document: the first place where it stands between other words, letter
 * by letter; else in other upper and lower case; else also with other white space.
 */
public final class AnswerSpans {

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private AnswerSpans() {}

    /** Where the answer stands, or null if it does not. */
    public static Span find(String text, String answer) {
        String wanted = answer.strip();
        if (wanted.isEmpty()) {
            return null;
        }
        Span exact = exact(text, wanted);
        if (exact != null) {
            return exact;
        }
        StringBuilder pattern = new StringBuilder();
        for (String word : SPACES.split(wanted, -1)) {
            pattern.append(pattern.isEmpty() ? "" : "\\s+").append(Pattern.quote(word));
        }
        int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        Matcher matcher = Pattern.compile(pattern.toString(), flags).matcher(text);
        while (matcher.find()) {
            if (standsAlone(text, matcher.start(), matcher.end())) {
                return new Span(matcher.start(), matcher.end());
            }
        }
        return null;
    }

    private static Span exact(String text, String wanted) {
        int start = text.indexOf(wanted);
        while (start >= 0) {
            if (standsAlone(text, start, start + wanted.length())) {
                return new Span(start, start + wanted.length());
            }
            start = text.indexOf(wanted, start + 1);
        }
        return null;
    }

    /** "car" is not in "carpet", nor 5 in 15; ideographs have no words to stand in. */
    private static boolean standsAlone(String text, int start, int end) {
        return !joined(text, start) && !joined(text, end);
    }

    private static boolean joined(String text, int place) {
        return place > 0
                && place < text.length()
                && inWord(text.codePointBefore(place))
                && inWord(text.codePointAt(place));
    }

    private static boolean inWord(int character) {
        return Character.isLetterOrDigit(character) && !Character.isIdeographic(character);
    }
}
