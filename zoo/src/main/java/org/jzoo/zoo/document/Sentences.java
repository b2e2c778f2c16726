package org.jzoo.zoo.document;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Finds the sentence or line around a place. A line's end ends a sentence unless the text is broken
 * into lines of similar length.
 */
final class Sentences {

    private static final int REACH = 600;
    private static final int WRAPPED = 100;

    private Sentences() {}

    /**
     * The sentence around {@code text[from, to)} without white space at its ends.
     *
     * @return its first index and the index past its last
     */
    static int[] around(String text, int from, int to) {
        int start = Math.max(0, from - REACH);
        int end = Math.min(text.length(), to + REACH);
        boolean wrapped = isWrapped(text.substring(start, end));
        int first = lineStart(text, start, from, wrapped);
        int last = lineEnd(text, to, end, wrapped);
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        // A single line break within wrapped text is white space to the iterator as well.
        sentences.setText(text.substring(first, last));
        int before = sentences.preceding(Math.min(from + 1, last) - first);
        int after = to > first ? sentences.following(Math.max(0, to - 1 - first)) : 0;
        int a = first + Math.max(0, before);
        int b = after == BreakIterator.DONE ? last : first + after;
        return strip(text, Math.min(a, from), Math.max(b, to));
    }

    private static int lineStart(String text, int start, int from, boolean wrapped) {
        for (int i = from; i > start; i--) {
            if (breaks(text, i - 1, wrapped)) {
                return i;
            }
        }
        return start;
    }

    private static int lineEnd(String text, int to, int end, boolean wrapped) {
        for (int i = to; i < end; i++) {
            if (breaks(text, i, wrapped)) {
                return i;
            }
        }
        return end;
    }

    /** Whether the character at this index ends a paragraph. */
    private static boolean breaks(String text, int i, boolean wrapped) {
        char c = text.charAt(i);
        if (c == '\f') {
            return true;
        }
        boolean nextIsBreak = i + 1 < text.length() && text.charAt(i + 1) == '\n';
        boolean lastWasBreak = i > 0 && text.charAt(i - 1) == '\n';
        return c == '\n' && (!wrapped || nextIsBreak || lastWasBreak);
    }

    /** Whether most lines that go on are about as long as the longest, and that is not long. */
    private static boolean isWrapped(String text) {
        String[] lines = text.split("\n", -1);
        int longest = 0;
        for (int i = 1; i < lines.length - 1; i++) {
            longest = Math.max(longest, lines[i].length());
        }
        int going = 0;
        int full = 0;
        for (int i = 1; i < lines.length - 2; i++) {
            if (!lines[i].isBlank() && !lines[i + 1].isBlank()) {
                going++;
                full += lines[i].length() > 0.75 * longest ? 1 : 0;
            }
        }
        return longest <= WRAPPED && going >= 3 && full > 0.75 * going;
    }

    private static int[] strip(String text, int from, int to) {
        int a = from;
        int b = to;
        while (a < b && Character.isWhitespace(text.charAt(a))) {
            a++;
        }
        while (b > a && Character.isWhitespace(text.charAt(b - 1))) {
            b--;
        }
        return new int[] {a, b};
    }
}
