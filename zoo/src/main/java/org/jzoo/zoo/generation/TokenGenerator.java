package org.jzoo.zoo.generation;

import ai.djl.ndarray.NDManager;
import java.util.List;

/** Continues token sequences. */
@FunctionalInterface
public interface TokenGenerator {

    /**
     * Continues prompts.
     *
     * @param manager on the weights' device; nothing of the call stays attached
     * @param prompts token ids, one row each, at least one token
     * @param listener hears of each token and may end a row
     * @return the new tokens of each row, without end tokens
     * @throws IllegalArgumentException if a prompt is empty or too long
     */
    List<long[]> generate(NDManager manager, List<long[]> prompts, TokenListener listener);
}
