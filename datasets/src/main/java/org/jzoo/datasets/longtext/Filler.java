package org.jzoo.datasets.longtext;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The sentences of a text in which facts are hidden, such as those of a book.
 *
 * <p>A sentence ends after a word with a full stop, a question mark or an exclamation mark, or
 * after 60 words; white space becomes single spaces; words are cut after 100 characters. So every
 * text gives short sentences, whatever it looks like.
 */
public final class Filler {

    private static final int MAX_WORDS = 60;
    private static final int MAX_CHARACTERS = 100;
    private static final Pattern END = Pattern.compile(".*[.!?][\"'”’)\\]]*");

    private final List<String> sentences;

    private Filler(List<String> sentences) {
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException(
                    "filler must hold at least one sentence, got sentences=0");
        }
        this.sentences = List.copyOf(sentences);
    }

    /** The sentences of a text. */
    public static Filler of(String text) {
        try {
            return read(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** The sentences of the rest of a text, which is left open. */
    public static Filler read(Reader text) throws IOException {
        BufferedReader in = text instanceof BufferedReader b ? b : new BufferedReader(text);
        List<String> sentences = new ArrayList<>();
        StringBuilder sentence = new StringBuilder();
        StringBuilder word = new StringBuilder();
        int words = 0;
        for (int c = 0; c >= 0; ) {
            c = in.read();
            if (c >= 0 && !Character.isWhitespace(c) && word.length() < MAX_CHARACTERS) {
                word.append((char) c);
                continue;
            }
            if (!word.isEmpty()) {
                sentence.append(words++ == 0 ? "" : " ").append(word);
                if (words == MAX_WORDS || END.matcher(word).matches()) {
                    sentences.add(sentence.toString());
                    sentence.setLength(0);
                    words = 0;
                }
                word.setLength(0);
            }
            if (c >= 0 && !Character.isWhitespace(c)) {
                word.append((char) c);
            }
        }
        if (words > 0) {
            sentences.add(sentence.toString());
        }
        return new Filler(sentences);
    }

    /** All sentences in their order. */
    public List<String> sentences() {
        return sentences;
    }

    /**
     * The sentences from one fraction of the text to another, so that training and test texts can
     * be kept apart.
     *
     * @param from from 0 to 1
     * @param to above {@code from}, up to 1
     */
    public Filler slice(double from, double to) {
        if (!(0 <= from && from < to && to <= 1)) {
            throw new IllegalArgumentException(
                    "from and to must satisfy 0 <= from < to <= 1, got from=%s, to=%s"
                            .formatted(from, to));
        }
        int size = sentences.size();
        return new Filler(sentences.subList((int) (from * size), (int) (to * size)));
    }
}
