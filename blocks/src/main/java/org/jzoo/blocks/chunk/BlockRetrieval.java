package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.GradientMode;
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
     * @param kept what the next chunk may find; null if nobody asks
     */
    record Found(NDArray rows, NDArray bias, BlockStore kept) {}

    /**
     * The tokens of a pass.
     *
     * @param x their states (B, T, D)
     * @param first where the chunk begins
     * @param length of the chunk
     * @param seen how many look for blocks, the first of all
     * @param masks as {@link ChunkKernel#blockMasks} gives them
     */
    private record Tokens(NDArray x, int first, int length, int seen, NDArray[] masks) {}

    private Tokens tokens(NDArray x, NDArray mask, ChunkLayout layout, ForwardContext context) {
        int length = layout.length(x.getShape().get(1));
        int seen = layout.prefix() + (causal ? 0 : length);
        NDArray[] masks = // the same in each layer
                context.note(
                        "blockRetrieval.%d.%b".formatted(option.blockLength(), causal),
                        NDArray[].class,
                        () -> {
                            NDArray[] made =
                                    ChunkKernel.blockMasks(
                                            mask,
                                            layout.prefix(),
                                            length,
                                            seen,
                                            option.blockLength());
                            Arrays.stream(made).forEach(context::keep);
                            return made;
                        });
        return new Tokens(x, layout.prefix(), length, seen, masks);
    }

    /**
     * Finds blocks for a chunk.
     *
     * @param x (B, T, D)
     * @param mask (B, T)
     * @param store the blocks of earlier chunks, or null
     */
    Found find(NDArray x, NDArray mask, ChunkLayout layout, BlockStore store, Pass pass) {
        boolean whole = ChunkGrowth.of(pass.context()) == ChunkGrowth.WHOLE;
        boolean keeps = whole && pass.context().memory() != null;
        Tokens tokens = tokens(x, mask, layout, pass.context());
        if (causal) {
            Search search = search(tokens, store, pass);
            return search.found(keeps ? with(search.raised(), tokens, pass) : null, pass);
        }
        Search search = search(tokens, with(store, tokens, pass), pass);
        return search.found(keeps ? search.raised() : null, pass);
    }

    // The blocks of a store, or null for none, and the chunk's own.
    private BlockStore with(BlockStore store, Tokens tokens, Pass pass) {
        StoreOption kept = StoreBound.of(pass.context(), option.store());
        BlockStore own = blocks(tokens, store == null ? 0 : store.read(), kept, pass);
        return store == null ? own : store.ranked(own.isRanked()).and(own, kept, inPlace(pass));
    }

    private static boolean inPlace(Pass pass) {
        return pass.context().memory() != null && !GradientMode.isOn();
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

    private Search search(Tokens tokens, BlockStore among, Pass pass) {
        int seen = tokens.seen();
        if (among == null || seen == 0) {
            return new Search(among, null, null, null);
        }
        NDArray pooled = // (B, 1, Dk)
                pool(
                        "query",
                        "querySalience",
                        causal ? ChunkKernel.cut(tokens.x(), 1, 0, seen) : tokens.x(),
                        tokens.masks()[2],
                        0,
                        seen,
                        pass);
        NDArray query = ChunkKernel.squeezed(pooled);
        NDArray scores = among.scores(query); // (B, n)
        RetrievalGuide guide = pass.training() ? RetrievalGuide.of(pass.context()) : null;
        if (guide != null) {
            guide.judge(query, among, option.blockLength(), pass.context());
        }
        NDArray[] best = ChunkKernel.best(scores, Math.min(option.count(), among.size()));
        return new Search(among, scores, among.at(best[1], tokens.x()), best[0]);
    }

    // Means of what a map and its weights make of tokens, which they get a few more of: cutting
    // those off first would take longer.
    private NDArray pool(
            String map,
            String salience,
            NDArray x,
            NDArray bias,
            int first,
            int length,
            Pass pass) {
        return ChunkKernel.poolBlocks(
                pass.run(part(map), x), pass.run(part(salience), x), bias, first, length);
    }

    // The blocks of a chunk.
    private BlockStore blocks(Tokens tokens, long read, StoreOption kept, Pass pass) {
        NDArray states = // (B, n, S, D)
                ChunkKernel.asBlocks(
                        ChunkKernel.part(tokens.x(), 1, tokens.first(), tokens.length()),
                        option.blockLength());
        NDArray keys = // (B, n, Dk)
                pool(
                        "blockKey",
                        "blockSalience",
                        tokens.x(),
                        tokens.masks()[1],
                        tokens.first(),
                        tokens.length(),
                        pass);
        int count = Math.toIntExact(keys.getShape().get(1));
        NDArray numbers = ChunkKernel.numbers(keys, read, count); // (B, n)
        NDArray real = tokens.masks()[0]; // (B, n, S)
        NDArray factors = null;
        boolean written = inPlace(pass);
        if (kept.numbers() == StoreOption.Numbers.INT8 && !pass.training()) {
            NDArray[] narrow = ChunkKernel.narrowed(states);
            states = narrow[0];
            factors = narrow[1];
        } else if (written) {
            states = ChunkKernel.last(states, 1, count, false);
        }
        if (written) { // over which later blocks go: not where others read
            real = ChunkKernel.last(real, 1, count, false);
        }
        boolean ranked = kept.capacity() > 0 && kept.keep() == StoreOption.Keep.RELEVANT;
        NDArray priorities = ranked ? ChunkKernel.lowest(numbers) : null; // (B, n)
        return BlockStore.of(
                new BlockStore.Rows(keys, states, factors, real, numbers, priorities),
                read + count);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        throw new UnsupportedOperationException("blocks are found by the attention they join");
    }
}
