package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.linear.Linear;
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
     * @param kept what the next chunk may find; null if nobody asks
     */
    record Found(NDArray rows, NDArray bias, BlockStore kept) {}

    /**
     * Finds blocks for a chunk.
     *
     * @param x (B, T, D)
     * @param mask (B, T)
     * @param store the blocks of earlier chunks, or null
     */
    Found find(NDArray x, NDArray mask, ChunkLayout layout, BlockStore store, Pass pass) {
        boolean keeps = pass.context().memory() != null;
        if (causal) {
            Search search = search(x, mask, layout.prefix(), store, pass);
            return search.found(keeps ? with(search.raised(), x, mask, layout, pass) : null, pass);
        }
        BlockStore all = with(store, x, mask, layout, pass);
        int seen = layout.prefix() + layout.length(x.getShape().get(1));
        Search search = search(x, mask, seen, all, pass);
        return search.found(keeps ? search.raised() : null, pass);
    }

    // The blocks of a store, or null for none, and the chunk's own.
    private BlockStore with(
            BlockStore store, NDArray x, NDArray mask, ChunkLayout layout, Pass pass) {
        int p = layout.prefix();
        int c = layout.length(x.getShape().get(1));
        BlockStore own =
                blocks(
                        ChunkKernel.part(x, 1, p, c),
                        ChunkKernel.part(mask, 1, p, c),
                        store == null ? 0 : store.read(),
                        pass);
        boolean inPlace = pass.context().memory() != null && !GradientMode.isOn();
        return store == null ? own : store.and(own, option.store(), inPlace);
    }

    /** What a chunk looks for among blocks, all of them null if there are none. */
    private record Search(BlockStore among, NDArray scores, BlockStore.Rows best, NDArray top) {

        /** The blocks, those that score high now kept for longer. */
        BlockStore raised() {
            return scores == null || among.rows().priorities() == null
                    ? among
                    : among.raised(scores);
        }

        Found found(BlockStore kept, Pass pass) {
            BlockStore owned =
                    kept == null
                            ? null
                            : kept.ownedBy(
                                    pass.context().memory(), pass.context().memoryRecorded());
            if (best == null) {
                return new Found(null, null, owned);
            }
            pass.context().capture(RETRIEVED, best.numbers());
            pass.context().capture(SCORES, top);
            return new Found(
                    ChunkKernel.rows(best.states()),
                    ChunkKernel.tokenBias(top, best.mask()),
                    owned);
        }
    }

    private Search search(NDArray x, NDArray mask, int seen, BlockStore among, Pass pass) {
        if (among == null || seen == 0) {
            return new Search(among, null, null, null);
        }
        NDArray query =
                query(ChunkKernel.part(x, 1, 0, seen), ChunkKernel.part(mask, 1, 0, seen), pass);
        NDArray scores = among.scores(query); // (B, n)
        RetrievalGuide guide = pass.training() ? RetrievalGuide.of(pass.context()) : null;
        if (guide != null) {
            guide.judge(query, among, option.blockLength(), pass.context());
        }
        NDArray[] best = ChunkKernel.best(scores, Math.min(option.count(), among.size()));
        return new Search(among, scores, among.at(best[1], x), best[0]);
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
        boolean ranked =
                option.store().capacity() > 0 && option.store().keep() == StoreOption.Keep.RELEVANT;
        NDArray priorities = ranked ? ChunkKernel.lowest(numbers) : null; // (B, n)
        return BlockStore.of(
                new BlockStore.Rows(keys, states, factors, real, numbers, priorities),
                read + count);
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
