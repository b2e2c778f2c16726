package org.jzoo.zoo.generation;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.decoder.LanguageModel;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * Continues texts with a loaded model. Safe to use from many threads.
 *
 * <pre>{@code
 * try (LoadedModel model = Zoo.load("my-model")) {
 *     TextGenerator generator = new TextGenerator(model, GenerationConfig.greedy(64));
 *     System.out.println(generator.generate("Call me"));
 * }
 * }</pre>
 */
public final class TextGenerator {

    /** Hears of a text as it grows. */
    @FunctionalInterface
    public interface PieceListener {

        /**
         * Called for each piece.
         *
         * @return whether to go on
         */
        boolean onPiece(String piece);
    }

    // What a decoder gives for bytes that do not yet make a letter.
    private static final String UNFINISHED = "\uFFFD";

    private final LoadedModel model;
    private final TokenGenerator generator;

    /**
     * Creates a generator.
     *
     * @param model stays open as long as this is used
     * @param config how to choose tokens
     * @throws IllegalArgumentException if the model does not continue texts or has no tokenizer
     */
    public TextGenerator(LoadedModel model, GenerationConfig config) {
        if (!(model.config().task() instanceof CausalLanguageTask task)) {
            throw new IllegalArgumentException(
                    "model must be one that continues texts, got the task "
                            + model.config().task().getClass().getSimpleName());
        }
        if (model.tokenizer() == null) {
            throw new IllegalArgumentException(
                    "model must have a tokenizer.json, got none for " + model.name());
        }
        this.model = model;
        generator =
                model.block() instanceof Continuing own
                        ? own.generator(task.endTokens(), config)
                        : new Generator(
                                ((LanguageModel) model.block()).decoder(),
                                task.endTokens(),
                                config);
    }

    /**
     * Continues a text.
     *
     * @return what was added
     * @throws IllegalArgumentException if the text has no token, or not fewer than the longest
     *     input
     */
    public String generate(String prompt) {
        return generate(List.of(prompt)).get(0);
    }

    /** Continues texts as one batch; what was added to each. */
    public List<String> generate(List<String> prompts) {
        List<long[]> rows =
                generator.generate(
                        model.manager(),
                        prompts.stream().map(text -> prompt(model.tokenizer(), text)).toList(),
                        TokenListener.NONE);
        return rows.stream().map(model.tokenizer()::decode).toList();
    }

    /**
     * Continues a text piece by piece.
     *
     * @param listener hears each piece, and says whether to go on; only whole letters come
     * @return what was added, all pieces together
     */
    public String generate(String prompt, PieceListener listener) {
        List<Long> tokens = new ArrayList<>();
        StringBuilder heard = new StringBuilder();
        List<long[]> rows =
                generator.generate(
                        model.manager(),
                        List.of(prompt(model.tokenizer(), prompt)),
                        (row, token) -> {
                            tokens.add(token);
                            String text = decode(tokens);
                            if (text.endsWith(UNFINISHED) || text.length() <= heard.length()) {
                                return true;
                            }
                            String piece = text.substring(heard.length());
                            heard.append(piece);
                            return listener.onPiece(piece);
                        });
        String whole = model.tokenizer().decode(rows.get(0));
        if (whole.length() > heard.length()) {
            listener.onPiece(whole.substring(heard.length()));
        }
        return whole;
    }

    private String decode(List<Long> tokens) {
        return model.tokenizer().decode(tokens.stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * The tokens of a prompt.
     *
     * @throws IllegalArgumentException if it has none, or not fewer than the tokenizer's longest
     *     text
     */
    public static long[] prompt(TextTokenizer tokenizer, String text) {
        TokenizedText tokens = tokenizer.encode(text);
        int length = tokens.originalLength();
        if (length < 1 || length >= tokenizer.maxLength()) {
            throw new IllegalArgumentException(
                    "a prompt must have at least one token and fewer than maxLength, got tokens=%d, maxLength=%d"
                            .formatted(length, tokenizer.maxLength()));
        }
        return tokens.ids();
    }
}
