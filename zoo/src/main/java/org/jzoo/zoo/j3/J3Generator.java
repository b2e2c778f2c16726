package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TokenChoice;
import org.jzoo.zoo.generation.TokenGenerator;
import org.jzoo.zoo.generation.TokenListener;

/**
 * Continues texts of any length, row after row, with what a {@link J3Reader} keeps: memory tokens,
 * the last window and the blocks of its store. A token costs its own pass, however long the text
 * is, and a full chunk one more reading; memory is that of reading. Without a cache the text is
 * read again for each token.
 */
final class J3Generator implements TokenGenerator {

    private final J3Model model;
    private final Set<Long> endTokens;
    private final GenerationConfig config;

    J3Generator(J3Model model, List<Long> endTokens, GenerationConfig config) {
        this.model = model;
        this.endTokens = Set.copyOf(endTokens);
        this.config = config;
    }

    @Override
    public List<long[]> generate(NDManager manager, List<long[]> prompts, TokenListener listener) {
        List<long[]> added = new ArrayList<>();
        for (int row = 0; row < prompts.size(); row++) {
            if (prompts.get(row).length < 1) {
                throw new IllegalArgumentException("a prompt must have at least one token, got 0");
            }
            added.add(row(manager, row, prompts.get(row), listener));
        }
        return added;
    }

    private long[] row(NDManager manager, int row, long[] prompt, TokenListener listener) {
        long[] tokens = Arrays.copyOf(prompt, prompt.length + config.maxNewTokens());
        TokenChoice choice = new TokenChoice(config, row);
        int end = prompt.length;
        J3Reader reader = reader(manager);
        try {
            while (end < tokens.length) {
                if (!config.cached()) {
                    reader.close();
                    reader = reader(manager);
                }
                int from = Math.toIntExact(reader.tokens());
                float[] logits = reader.append(Arrays.copyOfRange(tokens, from, end));
                int token = choice.next(logits, known(tokens, end));
                if (endTokens.contains((long) token)) {
                    break;
                }
                tokens[end++] = token;
                if (!listener.onToken(row, token)) {
                    break;
                }
            }
        } finally {
            reader.close();
        }
        return Arrays.copyOfRange(tokens, prompt.length, end);
    }

    private J3Reader reader(NDManager manager) {
        return new J3Reader(model, manager, config.precision(), null);
    }

    // Long texts are not copied for nothing.
    private long[] known(long[] tokens, int end) {
        return config.repetitionPenalty() > 1 ? Arrays.copyOf(tokens, end) : new long[0];
    }
}
