package org.jzoo.datasets.longtext;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Many codes of made-up names, one of which is asked for.
 *
 * @param pairs how many names with codes there are, from 1 to 10,000
 * @param digits how many digits a code has, from 1 to 18
 * @see <a href="https://arxiv.org/abs/2307.03172">Liu et al. 2023, Lost in the middle</a>, section
 *     3
 */
public record KeyValues(int pairs, int digits) implements LongTask {

    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = 3;

    /** Checks the ranges. */
    public KeyValues {
        if (pairs < 1 || pairs > 10_000) {
            throw new IllegalArgumentException("pairs must be in [1, 10000], got pairs=" + pairs);
        }
        if (digits < 1 || digits > 18) {
            throw new IllegalArgumentException("digits must be in [1, 18], got digits=" + digits);
        }
    }

    @Override
    public Needles draw(Random random) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < pairs) {
            names.add(name(random));
        }
        String asked = names.iterator().next();
        String answer = "";
        List<String> evidence = new ArrayList<>();
        List<String> distractors = new ArrayList<>();
        for (String name : names) {
            String code = Passkey.number(digits, random);
            String sentence = "The code of %s is %s.".formatted(name, code);
            if (name.equals(asked)) {
                answer = code;
                evidence.add(sentence);
            } else {
                distractors.add(sentence);
            }
        }
        return new Needles(
                evidence,
                distractors,
                "What is the code of %s?".formatted(asked),
                List.of("", answer));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < SYLLABLES; i++) {
            name.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
            name.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
        }
        return name.toString();
    }
}
