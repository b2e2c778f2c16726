package org.jzoo.examples.character;

import java.text.Normalizer;
import java.util.Map;

/** Text as ASCII characters: 128 symbols. */
public final class Characters {

    /** The number of symbols (V). */
    public static final int SIZE = 128;

    private static final Map<Character, String> ASCII =
            Map.of(
                    '‘', "'", '’', "'", '“', "\"", '”', "\"", '–', "-", '—', "--", '‑', "-", '…',
                    "...", '\u00A0', " ");

    private Characters() {}

    /** The symbols of a text; accents are dropped, what has no ASCII form becomes '?'. */
    public static long[] encode(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (char c : Normalizer.normalize(text, Normalizer.Form.NFD).toCharArray()) {
            if (c < SIZE) {
                plain.append(c);
            } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                plain.append(ASCII.getOrDefault(c, "?"));
            }
        }
        return plain.chars().asLongStream().toArray();
    }
}
