package org.jzoo.blocks.chunk;

import java.util.Objects;
import org.jzoo.blocks.part.Option;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * What {@link ChunkStack} is made of.
 *
 * @param stack the layers; mixers other than {@link ChunkAttention} see one chunk at a time
 * @param memory the memory tokens; null for none
 * @param globals whether there may be global tokens
 * @param form where they stand
 */
public record ChunkStackConfig(
        TransformerConfig stack, ChunkMemoryOption memory, boolean globals, Form form)
        implements Option {

    /** Where memory tokens stand, and what sees what. */
    public enum Form {
        /** Before the chunk, read and written in place: every token may look ahead. */
        ENCODER,
        /** Before the chunk to be read, behind it to be written: no token looks ahead. */
        DECODER
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if attention in chunks is causal in an encoder or not in a
     *     decoder
     */
    public ChunkStackConfig {
        Objects.requireNonNull(stack, "stack");
        Objects.requireNonNull(form, "form");
        boolean causal = form == Form.DECODER;
        stack.layers().stream()
                .map(layer -> layer.mixer())
                .filter(ChunkAttentionOption.class::isInstance)
                .map(ChunkAttentionOption.class::cast)
                .filter(mixer -> mixer.causal() != causal)
                .findFirst()
                .ifPresent(
                        mixer -> {
                            throw new IllegalArgumentException(
                                    "causal must be %b in form %s, got causal=%b"
                                            .formatted(causal, form, mixer.causal()));
                        });
    }

    /** The number of memory tokens (M), 0 for none. */
    public int memoryTokens() {
        return memory == null ? 0 : memory.numTokens();
    }
}
