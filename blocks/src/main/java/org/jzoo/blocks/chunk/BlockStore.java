package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.GradientMode;

/**
 * Blocks of chunks that were read. Their arrays have room for more, so that what was read long ago
 * is not copied for each new chunk: outside training, new blocks are written into the room, or,
 * when there must not be more of it, over the blocks that matter least.
 *
 * @param rows the arrays
 * @param size how many of the rows are blocks (n)
 * @param read blocks that were read, kept or not
 * @param writes how often the rows had been written to
 */
record BlockStore(Rows rows, int size, long read, long writes) {

    /**
     * A row for each block.
     *
     * @param keys what they are found by (B, rows, Dk)
     * @param states of their tokens (B, rows, S, D), in 8 bits if there are factors
     * @param factors of the states in 8 bits (B, rows, S, 1); null for none
     * @param mask which tokens exist (B, rows, S)
     * @param numbers the blocks' places in the input (B, rows), from 0
     * @param priorities the highest score of each so far (B, rows); null if nobody asks
     */
    record Rows(
            NDArray keys,
            NDArray states,
            NDArray factors,
            NDArray mask,
            NDArray numbers,
            NDArray priorities) {

        Rows each(UnaryOperator<NDArray> action) {
            return with(this, (mine, same) -> action.apply(mine));
        }

        Rows with(Rows other, BinaryOperator<NDArray> action) {
            BinaryOperator<NDArray> some =
                    (mine, others) -> mine == null ? null : action.apply(mine, others);
            return new Rows(
                    some.apply(keys, other.keys),
                    some.apply(states, other.states),
                    some.apply(factors, other.factors),
                    some.apply(mask, other.mask),
                    some.apply(numbers, other.numbers),
                    some.apply(priorities, other.priorities));
        }

        Rows withPriorities(NDArray scores) {
            return new Rows(keys, states, factors, mask, numbers, scores);
        }

        List<NDArray> arrays() {
            List<NDArray> all = new ArrayList<>();
            each(
                    array -> {
                        all.add(array);
                        return array;
                    });
            return all;
        }

        private NDArray[] array() {
            return arrays().toArray(NDArray[]::new);
        }

        // Other arrays where these ones are.
        private Rows made(NDArray[] others) {
            Iterator<NDArray> next = Arrays.asList(others).iterator();
            return each(array -> next.next());
        }

        private int count() {
            return Math.toIntExact(keys.getShape().get(1));
        }

        private long writes() {
            return GradientMode.writes(List.of(numbers));
        }
    }

    /** Blocks without room for more. */
    static BlockStore of(Rows rows, long read) {
        return new BlockStore(rows, rows.count(), read, rows.writes());
    }

    /**
     * These blocks and later ones. Where the option's capacity does not hold both, later ones take
     * the places of these.
     *
     * @param inPlace whether these rows may be written to, which ends this store
     * @throws IllegalStateException if it had ended before
     */
    BlockStore and(BlockStore later, StoreOption option, boolean inPlace) {
        int bound = option.capacity() == 0 ? Integer.MAX_VALUE : option.capacity();
        int over = Math.max(0, size + later.size - bound);
        int gone = Math.min(over, Math.min(size, later.size));
        return inPlace ? over(later, bound, gone) : beside(later, gone);
    }

    private BlockStore beside(BlockStore later, int gone) {
        NDArray most = gone == 0 ? null : ChunkKernel.best(rank(), size - gone)[1];
        Rows kept =
                most == null
                        ? rows.each(array -> ChunkKernel.part(array, 1, 0, size))
                        : rows.made(ChunkKernel.take(most, rows.array()));
        return of(
                kept.with(
                        later.rows,
                        (mine, others) -> {
                            NDArray both = ChunkKernel.join(1, mine, others);
                            both.attach(others.getManager()); // not where the blocks before are
                            return both;
                        }),
                later.read);
    }

    private BlockStore over(BlockStore later, int bound, int gone) {
        if (rows.writes() != writes) {
            throw new IllegalStateException(
                    "what is kept of a text must be read on from once, got a second time at block "
                            + read);
        }
        int end = size - gone + later.size;
        int count = rows.count();
        int room = end <= count ? count : Math.max(end, Math.min(bound, 2 * count));
        NDArray places = ChunkKernel.places(rank(), gone, later.size);
        NDArray[] own = rows.each(array -> ChunkKernel.room(array, room)).array();
        Rows written = rows.made(ChunkKernel.put(own, places, later.rows.array()));
        return new BlockStore(written, end, later.read, written.writes());
    }

    // Who has least of it goes first.
    private NDArray rank() {
        NDArray rank = rows.priorities() == null ? rows.numbers() : rows.priorities();
        return ChunkKernel.part(rank, 1, 0, size);
    }

    /** States, in the type of {@code like}, masks and numbers of the rows at places (B, k). */
    Rows at(NDArray places, NDArray like) {
        NDArray factors = rows.factors();
        NDArray[] some =
                factors == null
                        ? ChunkKernel.take(places, rows.states(), rows.mask(), rows.numbers())
                        : ChunkKernel.take(
                                places, rows.states(), rows.mask(), rows.numbers(), factors);
        NDArray states = factors == null ? some[0] : ChunkKernel.widened(some[0], some[3], like);
        return new Rows(null, states, null, some[1], some[2], null);
    }

    /** {@code query · key / √Dk} of each block for a query (B, Dk): (B, n) in float32. */
    NDArray scores(NDArray query) {
        return ChunkKernel.scores(
                query,
                ChunkKernel.part(rows.keys(), 1, 0, size),
                ChunkKernel.filled(ChunkKernel.part(rows.mask(), 1, 0, size)));
    }

    /** How wrong the scores of a query (B, Dk) are; see {@link ChunkKernel#guidance}. */
    NDArray guidance(NDArray query, RetrievalGuide guide, int blockLength) {
        return ChunkKernel.guidance(
                query,
                ChunkKernel.part(rows.keys(), 1, 0, size),
                ChunkKernel.filled(ChunkKernel.part(rows.mask(), 1, 0, size)),
                guide.marks(),
                ChunkKernel.part(rows.numbers(), 1, 0, size),
                guide.kinds(),
                blockLength);
    }

    /** Whether it is known how high its blocks scored. */
    boolean isRanked() {
        return rows.priorities() != null;
    }

    /** These blocks, as low as can be if nobody asked before what they scored. */
    BlockStore ranked(boolean ranked) {
        if (ranked == isRanked()) {
            return this;
        }
        NDArray priorities = ranked ? ChunkKernel.lowest(rows.numbers()) : null;
        return new BlockStore(rows.withPriorities(priorities), size, read, writes);
    }

    /** With scores (B, n) that may be higher than before. */
    BlockStore raised(NDArray scores) {
        NDArray raised = ChunkKernel.raised(rows.priorities(), scores);
        return new BlockStore(rows.withPriorities(raised), size, read, writes);
    }

    /** The same rows, owned by another manager, their gradients' path cut unless recorded. */
    BlockStore ownedBy(NDManager owner, boolean recorded) {
        Rows kept = rows.each(array -> ChunkKernel.detached(array, recorded));
        kept.arrays().forEach(array -> array.attach(owner));
        return new BlockStore(kept, size, read, writes);
    }

    /** The blocks without the room. */
    Rows cut() {
        return rows.each(array -> ChunkKernel.cut(array, 1, 0, size));
    }
}
