package org.jzoo.examples.longqa;

import java.util.regex.Pattern;

/**
 * Reads the answer off a line of the form {@code heading: answer (2014 est.); more}: what stands
 * between the first colon and the first semicolon, without a year in brackets at its end. That is
 * how the Factbook's questions were made, so that a baseline with this rule fails by choosing the
 * wrong line only.
 */
public final class LineRule {

    private static final Pattern YEAR =
            Pattern.compile("\\s*\\([^()]*\\b(19|20)\\d\\d\\b[^()]*\\)$");

    private LineRule() {}

    /** The answer in a line; of a line without a colon, the line up to a semicolon. */
    public static String answer(String line) {
        int colon = line.indexOf(": ");
        String text = colon < 0 ? line : line.substring(colon + 2);
        int semicolon = text.indexOf(';');
        String first = semicolon < 0 ? text : text.substring(0, semicolon);
        return YEAR.matcher(first.strip()).replaceFirst("").strip();
    }
}
