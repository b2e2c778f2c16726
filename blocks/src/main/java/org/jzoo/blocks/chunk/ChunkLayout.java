package org.jzoo.blocks.chunk;

import org.jzoo.blocks.part.ForwardContext;

/**
 * Where the chunk stands among the positions of a pass.
 *
 * @param prefix tokens before it that all see (P), at least 0
 * @param suffix tokens behind it that see all (W), at least 0
 */
record ChunkLayout(int prefix, int suffix) {

    private static final String NOTE = "chunkLayout";

    /** Tells the mixers of a pass. */
    void leave(ForwardContext context) {
        ChunkLayout known = context.note(NOTE, ChunkLayout.class, () -> this);
        if (!known.equals(this)) {
            throw new IllegalStateException(
                    "a context must serve one pass, got layout=%s, earlier=%s"
                            .formatted(this, known));
        }
    }

    /** What was told; nothing but the chunk, if nothing was. */
    static ChunkLayout of(ForwardContext context) {
        return context.note(NOTE, ChunkLayout.class, () -> new ChunkLayout(0, 0));
    }

    /** Tokens of the chunk (C) among {@code all} (T). */
    int length(long all) {
        return Math.toIntExact(all - prefix - suffix);
    }
}
