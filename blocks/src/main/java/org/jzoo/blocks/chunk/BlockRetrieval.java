package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Finds blocks of a long input by content. A block's key is a mean of what {@code blockKey} makes
 * of its tokens, weighted by a softmax of {@code blockSalience}; a chunk's query likewise from
 * {@code query} and {@code querySalience}, over the chunk and the tokens before it (causal: over
 * those before it alone). The score is {@code query · key / √Dk}; gradients reach both through the
 * attention, to which it is added.
 *
 * <p>An encoder finds blocks of the present chunk too, a causal stack those of earlier chunks only.
 */
final class BlockRetrieval extends Part {

    static final String RETRIEVED = "retrievedBlocks";
    static final String SCORES = "retrievalScores";

    private final RetrievalOption option;
    private final boolean causal;

    BlockRetrieval(int dim, RetrievalOption option, boolean causal) {
        this.option = option;
        this.causal = causal;
        int width = option.numHeads() * option.headSize();
        child("blockKey", new Linear(dim, width, false));
        child("blockSalience", new Linear(dim, option.numHeads(), false));
        child("query", new Linear(dim, width, false));
        child("querySalience", new Linear(dim, option.numHeads(), false));
    }

    /**
     * What was found.
     *
     * @param rows the states of the tokens of all k blocks (B, k·S, D); null if there was nothing
     *     to find
     * @param bias the scores of their blocks (B, k·S); null likewise
     * @param all the blocks of this chunk and of those before
     * @param option what to keep of them
     */
    record Found(NDArray rows, NDArray bias, BlockStore all, StoreOption option) {

        /** What the next chunk may find, owned by the context's memory. */
        BlockStore kept(ForwardContext context) {
            boolean recorded = context.memoryRecorded();
            BlockStore some = all;
            if (option.capacity() > 0 && all.size() > option.capacity()) {
                some =
                        all.priorities() == null
                                ? all.last(option.capacity())
                                : all.at(ChunkKernel.best(all.priorities(), option.capacity())[1]);
            }
            BlockStore kept = some.each(array -> ChunkKernel.detached(array, recorded));
            kept.arrays().forEach(array -> array.attach(context.memory()));
            return kept;
        }
    }

    /**
     * Finds blocks for a chunk.
     *
     * @param x (B, T, D)
     * @param mask (B, T)
     * @param store the blocks of earlier chunks, or null
     */
    Found find(NDArray x, NDArray mask, ChunkLayout layout, BlockStore store, Pass pass) {
        int p = layout.prefix();
        int c = layout.length(x.getShape().get(1));
        BlockStore own =
                blocks(
                        ChunkKernel.part(x, 1, p, c),
                        ChunkKernel.part(mask, 1, p, c),
                        store == null ? 0 : store.read(),
                        pass);
        BlockStore all = store == null ? own : store.and(own);
        int open = causal ? all.size() - own.size() : all.size();
        int seen = causal ? p : p + c;
        if (seen == 0) {
            return new Found(null, null, all, option.store());
        }
        NDArray query =
                query(ChunkKernel.part(x, 1, 0, seen), ChunkKernel.part(mask, 1, 0, seen), pass);
        NDArray scores = // (B, n)
                ChunkKernel.scores(query, all.keys(), ChunkKernel.filled(all.mask()));
        if (option.store().capacity() > 0 && option.store().keep() == StoreOption.Keep.RELEVANT) {
            NDArray before = store == null ? null : store.priorities();
            all = all.withPriorities(ChunkKernel.raised(scores, before));
        }
        if (open == 0) {
            return new Found(null, null, all, option.store());
        }
        NDArray[] best =
                ChunkKernel.best(
                        ChunkKernel.part(scores, 1, 0, open), Math.min(option.count(), open));
        BlockStore found = all.at(best[1]);
        pass.context().capture(RETRIEVED, found.numbers());
        pass.context().capture(SCORES, best[0]);
        NDArray states = // (B, k, S, D)
                found.factors() == null
                        ? found.states()
                        : ChunkKernel.widened(found.states(), found.factors(), x);
        return new Found(
                ChunkKernel.rows(states),
                ChunkKernel.tokenBias(best[0], found.mask()),
                all,
                option.store());
    }

    // The blocks of a chunk (B, C, D).
    private BlockStore blocks(NDArray x, NDArray mask, long read, Pass pass) {
        int size = option.blockLength();
        NDArray states = ChunkKernel.asBlocks(x, size); // (B, n, S, D)
        NDArray real = ChunkKernel.asBlocks(mask, size); // (B, n, S)
        NDArray keys =
                ChunkKernel.pool(
                        pass.run(part("blockKey"), states),
                        pass.run(part("blockSalience"), states),
                        real); // (B, n, Dk)
        int count = Math.toIntExact(keys.getShape().get(1));
        NDArray numbers = ChunkKernel.numbers(keys, read, count); // (B, n)
        NDArray factors = null;
        if (option.store().numbers() == StoreOption.Numbers.INT8 && !pass.training()) {
            NDArray[] narrow = ChunkKernel.narrowed(states);
            states = narrow[0];
            factors = narrow[1];
        }
        return new BlockStore(keys, states, factors, real, numbers, null, read + count);
    }

    private NDArray query(NDArray x, NDArray mask, Pass pass) {
        int all = Math.toIntExact(x.getShape().get(1));
        NDArray one = ChunkKernel.asBlocks(x, all); // (B, 1, N, D)
        NDArray pooled =
                ChunkKernel.pool(
                        pass.run(part("query"), one),
                        pass.run(part("querySalience"), one),
                        ChunkKernel.asBlocks(mask, all));
        return ChunkKernel.squeezed(pooled); // (B, Dk)
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        throw new UnsupportedOperationException("blocks are found by the attention they join");
    }
}
