package org.jzoo.zoo.text;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a {@code tokenizer.json} that knows a list of words: letters become small, whatever is
 * neither letter nor digit parts words, each known word is a token, the others are {@value
 * #UNKNOWN}. Texts begin with {@value #FIRST}.
 */
public final class WordTokenizer {

    /** The token that fills up shorter texts, id 0. */
    public static final String PADDING = "[PAD]";

    /** The token of words that are not known, id 1. */
    public static final String UNKNOWN = "[UNK]";

    /** The token before each text, id 2. */
    public static final String FIRST = "[CLS]";

    /** The id of {@link #PADDING}. */
    public static final int PADDING_ID = 0;

    /** The id of {@link #FIRST}. */
    public static final int FIRST_ID = 2;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final List<String> SPECIAL = List.of(PADDING, UNKNOWN, FIRST);
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

    private WordTokenizer() {}

    /**
     * Makes the file.
     *
     * @param words in small letters, all different, without spaces
     * @return the bytes of {@code tokenizer.json}
     * @throws IllegalArgumentException if two words are alike or one could never be found
     */
    public static byte[] json(List<String> words) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (String word : words) {
            if (!word.matches("[\\p{L}\\p{N}]+")
                    || vocabulary.put(word, vocabulary.size()) != null) {
                throw new IllegalArgumentException(
                        "words must be different and of letters and digits, got word=" + word);
            }
        }
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("truncation", null);
        file.put("padding", null);
        file.put("added_tokens", specialTokens());
        file.put("normalizer", normalizer());
        file.put("pre_tokenizer", Map.of("type", "WhitespaceSplit"));
        file.put("post_processor", template());
        file.put("decoder", null);
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "WordLevel");
        model.put("vocab", vocabulary);
        model.put("unk_token", UNKNOWN);
        file.put("model", model);
        return GSON.toJson(file).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The words of texts, as the file made of them tells words apart: the most frequent, in the
     * order of the alphabet.
     *
     * @param texts to take words from
     * @param limit words to keep at most, at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     */
    public static List<String> words(Iterable<String> texts, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got limit=" + limit);
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (String text : texts) {
            Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                counts.merge(matcher.group(), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(limit)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** How many tokens a vocabulary of so many words has. */
    public static int size(List<String> words) {
        return SPECIAL.size() + words.size();
    }

    private static List<Object> specialTokens() {
        List<Object> tokens = new ArrayList<>();
        for (int id = 0; id < SPECIAL.size(); id++) {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("id", id);
            token.put("content", SPECIAL.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                token.put(flag, false);
            }
            token.put("special", true);
            tokens.add(token);
        }
        return tokens;
    }

    private static Map<String, Object> normalizer() {
        Map<String, Object> parting = new LinkedHashMap<>();
        parting.put("type", "Replace");
        parting.put("pattern", Map.of("Regex", "[^\\p{L}\\p{N}]+"));
        parting.put("content", " ");
        Map<String, Object> sequence = new LinkedHashMap<>();
        sequence.put("type", "Sequence");
        sequence.put("normalizers", List.of(Map.of("type", "Lowercase"), parting));
        return sequence;
    }

    private static Map<String, Object> template() {
        Map<String, Object> first = Map.of("SpecialToken", Map.of("id", FIRST, "type_id", 0));
        Map<String, Object> template = new LinkedHashMap<>();
        template.put("type", "TemplateProcessing");
        template.put("single", List.of(first, sequence("A", 0)));
        template.put("pair", List.of(first, sequence("A", 0), sequence("B", 1)));
        template.put(
                "special_tokens",
                Map.of(
                        FIRST,
                        Map.of(
                                "id",
                                FIRST,
                                "ids",
                                List.of(SPECIAL.indexOf(FIRST)),
                                "tokens",
                                List.of(FIRST))));
        return template;
    }

    private static Map<String, Object> sequence(String name, int type) {
        return Map.of("Sequence", Map.of("id", name, "type_id", type));
    }
}
