package org.jzoo.blocks.chunk;

import org.jzoo.blocks.part.ForwardContext;

/**
 * How much of a chunk a pass of a causal {@link ChunkStack} reads. While a text is written, its
 * last chunk grows: each token then passes the layers once, and what it sees of the tokens before
 * it, of memory and of blocks that were found again is kept from pass to pass. A chunk that grows
 * leaves neither memory nor blocks; for them it is read whole when it is full, from the states
 * before it.
 *
 * <p>A causal chunk finds blocks by the tokens before it alone, and those see nothing of it: so
 * both are the same for all passes of a chunk.
 */
public enum ChunkGrowth {
    /** All of it, the default. */
    WHOLE,
    /** Its first tokens. What all its tokens see is left with the context's states. */
    BEGINS,
    /** Tokens that follow those of an earlier pass, whose states the context has. */
    GOES_ON;

    private static final String NOTE = "chunkGrowth";

    /**
     * Tells the layers of a pass.
     *
     * @throws IllegalStateException if the pass was told another
     */
    public void leave(ForwardContext context) {
        ChunkGrowth known = context.note(NOTE, ChunkGrowth.class, () -> this);
        if (known != this) {
            throw new IllegalStateException(
                    "a context must serve one pass, got growth=%s, earlier=%s"
                            .formatted(this, known));
        }
    }

    static ChunkGrowth of(ForwardContext context) {
        return context.note(NOTE, ChunkGrowth.class, () -> WHOLE);
    }
}
