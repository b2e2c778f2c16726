package org.jzoo.blocks.chunk;

import org.jzoo.blocks.part.ForwardContext;

/**
 * How much of a text of any length stays to be found again where the {@link StoreOption} of a layer
 * keeps all of it: a model that was trained to look among all blocks then reads in memory that does
 * not grow. Below the bound nothing changes. It travels among a context's states, from the first
 * chunk to the last.
 *
 * @param blocks that are kept, those that scored highest for any chunk since they were read, at
 *     least 1
 */
public record StoreBound(int blocks) {

    private static final String SCOPE = "storeBound.";

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code blocks} is less than 1
     */
    public StoreBound {
        if (blocks < 1) {
            throw new IllegalArgumentException("blocks must be >= 1, got blocks=" + blocks);
        }
    }

    /** Tells all chunks that follow. */
    public void leave(ForwardContext context) {
        String scope = context.enter(SCOPE);
        context.putState(this);
        context.enter(scope);
    }

    /** A layer's option within the bound that was left, if any was. */
    static StoreOption of(ForwardContext context, StoreOption own) {
        String scope = context.enter(SCOPE);
        StoreBound bound = context.state(StoreBound.class);
        context.enter(scope);
        return bound == null || own.capacity() > 0
                ? own
                : new StoreOption(bound.blocks, StoreOption.Keep.RELEVANT, own.numbers());
    }
}
