package org.jzoo.examples.recall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Small tokens that little models can learn: words in small letters, digits and signs one by one; a
 * word that is not known is read two letters at a time, so that nothing is lost of names.
 */
public final class RecallVocabulary {

    /** Fills up questions that are shorter than others. */
    static final int PADDING = 0;

    /** Ends an answer. */
    static final int END = 1;

    /** Stands where the answer's first token is asked for; the slots that follow count on. */
    static final int SLOT = 2;

    private static final int UNKNOWN = SLOT + RecallExample.SLOTS;
    private static final int FIRST = UNKNOWN + 1;
    private static final int DRAWS = 200;
    private static final Pattern TOKEN = Pattern.compile("[a-z]+|[0-9]|[^a-z0-9\\s]");

    private final Map<String, Integer> ids = new LinkedHashMap<>();

    /**
     * Collects the tokens: letters, pairs of letters, digits and signs, all words of the tasks, and
     * the most frequent words of the texts.
     *
     * @param texts in which facts are hidden in training
     * @param words of the texts to know, at least 0
     */
    public RecallVocabulary(List<String> texts, int words) {
        for (char c = '0'; c <= '9'; c++) {
            add(String.valueOf(c));
        }
        for (char sign : ".,;:?!'\"()-&$%".toCharArray()) {
            add(String.valueOf(sign));
        }
        for (char a = 'a'; a <= 'z'; a++) {
            add(String.valueOf(a));
            for (char b = 'a'; b <= 'z'; b++) {
                add("" + a + b);
            }
        }
        taskWords().forEach(this::add);
        Map<String, Integer> counts = new HashMap<>();
        for (String text : texts) {
            Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                counts.merge(matcher.group(), 1, Integer::sum);
            }
        }
        counts.entrySet().stream()
                .filter(entry -> entry.getKey().length() > 2)
                .sorted(
                        Comparator.comparing((Map.Entry<String, Integer> e) -> -e.getValue())
                                .thenComparing(Map.Entry::getKey))
                .limit(words)
                .forEach(entry -> add(entry.getKey()));
    }

    // Names of key-values are made up: they are read by pairs of letters.
    private static Set<String> taskWords() {
        Set<String> words = new LinkedHashSet<>();
        for (RecallTask task : RecallTask.values()) {
            Map<String, Integer> seen = new LinkedHashMap<>();
            Random random = new Random(1);
            for (int i = 0; i < DRAWS; i++) {
                var needles = task.task().draw(random);
                List<String> all = new ArrayList<>(needles.evidence());
                all.addAll(needles.distractors());
                all.add(needles.question());
                for (String sentence : all) {
                    Matcher matcher = TOKEN.matcher(sentence.toLowerCase(Locale.ROOT));
                    while (matcher.find()) {
                        seen.merge(matcher.group(), 1, Integer::sum);
                    }
                }
            }
            seen.forEach(
                    (word, count) -> {
                        if (task != RecallTask.KEY_VALUES || count >= DRAWS) {
                            words.add(word);
                        }
                    });
        }
        return words;
    }

    private void add(String token) {
        ids.putIfAbsent(token, FIRST + ids.size());
    }

    /** The number of tokens (V). */
    public int size() {
        return FIRST + ids.size();
    }

    /** The tokens of a text. */
    public int[] encode(String text) {
        List<Integer> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            String word = matcher.group();
            Integer id = ids.get(word);
            if (id != null) {
                tokens.add(id);
            } else if (word.length() == 1) {
                tokens.add(UNKNOWN);
            } else {
                for (int i = 0; i < word.length(); i += 2) {
                    tokens.add(ids.get(word.substring(i, Math.min(word.length(), i + 2))));
                }
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}
