package org.jzoo.blocks.memory;

import java.util.Objects;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * What {@link RecurrentMemory} is made of.
 *
 * @param stack the layers that read memory and segment
 * @param numTokens memory tokens (M), at least 1
 * @param form where the memory tokens stand
 */
public record RecurrentMemoryConfig(TransformerConfig stack, int numTokens, Form form) {

    /** Where the memory tokens stand. */
    public enum Form {
        /**
         * Before the segment, read and written in place: for stacks in which every position sees
         * every other.
         */
        ENCODER,
        /**
         * Before the segment to be read, and behind it to be written: for causal stacks, whose
         * first tokens see nothing of the segment.
         */
        DECODER
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code numTokens} is below 1
     */
    public RecurrentMemoryConfig {
        Objects.requireNonNull(stack, "stack");
        Objects.requireNonNull(form, "form");
        if (numTokens < 1) {
            throw new IllegalArgumentException(
                    "numTokens must be >= 1, got numTokens=" + numTokens);
        }
    }
}
