package org.jzoo.zoo.text;

/**
 * Tells of tokens in the order of their text which of them begin a word. A word is a run of letters
 * and digits, or what a tokenizer makes of other characters; each ideograph is one. Tokens without
 * characters, or with nothing but white space, belong to no word.
 */
public final class WordStarts {

    private long start = -1;
    private long end = -1;
    private int last; // the word's last character

    /** Before the first token. */
    public WordStarts() {}

    /**
     * Takes the next token.
     *
     * @param text the characters of the token, and others around it
     * @param textStart offset of the text's first character
     * @param from offset of the token's first character, or negative if it has none
     * @param to offset past its last character
     * @return whether a word begins with it
     */
    public boolean begins(CharSequence text, long textStart, long from, long to) {
        long first = from;
        long limit = to;
        while (first < limit && isSpace(text, first - textStart)) {
            first++;
        }
        while (first < limit && isSpace(text, limit - 1 - textStart)) {
            limit--;
        }
        if (first < 0 || first >= limit) {
            return false;
        }
        boolean continues = continues(text, textStart, first);
        if (!continues) {
            start = first;
            end = -1;
        }
        if (limit > end) {
            end = limit;
            last = Character.codePointBefore(text, (int) (limit - textStart));
        }
        return !continues;
    }

    // The bytes of one character may be several tokens.
    private boolean continues(CharSequence text, long textStart, long first) {
        return first < end
                || (first == end
                        && inWord(last)
                        && inWord(Character.codePointAt(text, (int) (first - textStart))));
    }

    private static boolean isSpace(CharSequence text, long index) {
        return Character.isWhitespace(text.charAt((int) index));
    }

    private static boolean inWord(int character) {
        return (Character.isLetterOrDigit(character) && !Character.isIdeographic(character))
                || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    /** Offset of the last word's first character; negative before the first word. */
    public long start() {
        return start;
    }

    /** Offset past the last character of the last word, as far as its tokens were taken. */
    public long end() {
        return end;
    }
}
