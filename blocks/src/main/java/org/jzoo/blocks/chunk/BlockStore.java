package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.kernel.ChunkKernel;

/**
 * Blocks of chunks that were read.
 *
 * @param keys what they are found by (B, n, Dk)
 * @param states of their tokens (B, n, S, D), in 8 bits if there are factors
 * @param factors of the rows in 8 bits (B, n, S, 1); null for none
 * @param mask which tokens exist (B, n, S)
 * @param numbers the blocks' places in the input (B, n), from 0
 * @param priorities the highest score of each so far (B, n); null if nobody asks
 * @param read blocks that were read, kept or not
 */
record BlockStore(
        NDArray keys,
        NDArray states,
        NDArray factors,
        NDArray mask,
        NDArray numbers,
        NDArray priorities,
        long read) {

    /** The number of blocks that are kept (n). */
    int size() {
        return Math.toIntExact(keys.getShape().get(1));
    }

    /** These blocks, then others; without priorities. */
    BlockStore and(BlockStore later) {
        return new BlockStore(
                join(keys, later.keys),
                join(states, later.states),
                factors == null ? null : join(factors, later.factors),
                join(mask, later.mask),
                join(numbers, later.numbers),
                null,
                later.read);
    }

    // Not where the blocks before are.
    private static NDArray join(NDArray earlier, NDArray later) {
        NDArray both = ChunkKernel.join(1, earlier, later);
        both.attach(later.getManager());
        return both;
    }

    /** The blocks at some places (B, k). */
    BlockStore at(NDArray places) {
        return each(array -> ChunkKernel.take(array, places));
    }

    /** The last k blocks. */
    BlockStore last(int k) {
        return each(array -> ChunkKernel.part(array, 1, size() - k, k));
    }

    /** With what something does to each array. */
    BlockStore each(UnaryOperator<NDArray> action) {
        UnaryOperator<NDArray> some = array -> array == null ? null : action.apply(array);
        return new BlockStore(
                some.apply(keys),
                some.apply(states),
                some.apply(factors),
                some.apply(mask),
                some.apply(numbers),
                some.apply(priorities),
                read);
    }

    /** With other scores. */
    BlockStore withPriorities(NDArray scores) {
        return new BlockStore(keys, states, factors, mask, numbers, scores, read);
    }

    /** The arrays that are there. */
    List<NDArray> arrays() {
        List<NDArray> all = new ArrayList<>();
        for (NDArray array : new NDArray[] {keys, states, factors, mask, numbers, priorities}) {
            if (Objects.nonNull(array)) {
                all.add(array);
            }
        }
        return all;
    }
}
