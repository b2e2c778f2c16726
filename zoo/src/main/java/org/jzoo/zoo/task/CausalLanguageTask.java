package org.jzoo.zoo.task;

import java.util.List;

/**
 * The token after each token: logits (B, T, V).
 *
 * @param endTokens tokens that end a text; may be empty
 */
public record CausalLanguageTask(List<Long> endTokens) implements Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a token is negative
     */
    public CausalLanguageTask {
        endTokens = List.copyOf(endTokens);
        if (endTokens.stream().anyMatch(token -> token < 0)) {
            throw new IllegalArgumentException(
                    "endTokens must be >= 0, got endTokens=" + endTokens);
        }
    }
}
