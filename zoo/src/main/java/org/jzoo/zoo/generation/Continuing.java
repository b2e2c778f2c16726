package org.jzoo.zoo.generation;

import java.util.List;

/** A model that continues token sequences in a way of its own. */
public interface Continuing {

    /**
     * What continues with its weights.
     *
     * @param endTokens tokens that end a row; they are not part of it
     * @param config how to choose tokens
     */
    TokenGenerator generator(List<Long> endTokens, GenerationConfig config);
}
