package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.initializer.ConstantInitializer;
import java.util.Arrays;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.ChunkKernel.Before;
import org.jzoo.blocks.kernel.ChunkKernel.Far;
import org.jzoo.blocks.kernel.ChunkKernel.Maps;
import org.jzoo.blocks.kernel.ChunkKernel.Reach;
import org.jzoo.blocks.kernel.ChunkKernel.Turning;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.position.RotaryPositionOption;

/**
 * Attention of one chunk of a long input: each token sees its window, which reaches back into the
 * chunk before, the tokens before the chunk (memory, question) and blocks of earlier chunks that
 * were found again, in one softmax. The tokens before a chunk see the whole of it, in the causal
 * form only each other; those behind it see everything. Time and memory are O(C · (window + P +
 * k·S)).
 *
 * <p>Shapes: input and output {@code (B, T, D)} with T = P + C + W; query, key, value and output
 * {@code (D, D)}. The context's mask {@code (B, T)} (true means attend) keeps padding out; ahead, a
 * window ends with its chunk. What the next chunk needs is left behind if the context has a memory
 * ({@link ForwardContext#memory()}), its gradient cut unless the context says otherwise. The
 * stack's score position shifts scores inside the window. In the causal form a chunk's query for
 * blocks comes from the tokens before it alone, so that no token knows of later ones. Asked for the
 * capture "retrievedBlocks", it leaves the numbers {@code (B, k)} of the blocks that joined,
 * counted from the start of the input, best first; asked for "retrievalScores", their scores.
 *
 * @see <a href="https://arxiv.org/abs/2004.05150">Beltagy et al. 2020, Longformer</a>, section 3.1
 * @see <a href="https://arxiv.org/abs/2503.02130">Lin et al. 2025, Forgetting Transformer</a>
 */
public final class ChunkAttention extends Part {

    /** The capture under which the numbers of the blocks are left that joined. */
    public static final String RETRIEVED = BlockRetrieval.RETRIEVED;

    // Larger blocks waste scores outside the window, smaller ones start more rows of them.
    private static final int SMALLEST_BLOCK = 32;
    private static final int SMALLEST_BLOCK_OF_GPUS = 64;

    private static final int SHIFTS = 1; // of all tokens' scores, among what layers have in common
    private static final int LAST_MASK = 2;

    private final ChunkAttentionOption option;

    ChunkAttention(int dim, ChunkAttentionOption option) {
        this.option = option;
        for (String name : new String[] {"query", "key", "value", "output"}) {
            child(name, new Linear(dim, dim, option.bias()));
        }
        if (option.forgetGate() != null) {
            float start = (float) option.forgetGate().initialBias();
            child("forget", new Linear(dim, option.numHeads(), new ConstantInitializer(start)));
        }
        if (option.retrieval() != null) {
            child("retrieval", new BlockRetrieval(dim, option.retrieval(), option.causal()));
        }
    }

    /** What this attention was built from. */
    public ChunkAttentionOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = LinearKernel.cast(inputs.singletonOrThrow(), pass.precision()); // (B, T, D)
        ForwardContext context = pass.context();
        ChunkLayout layout = ChunkLayout.of(context);
        ChunkState before = context.state(ChunkState.class);
        NDArray mask = mask(x, context.mask());
        ChunkGrowth growth = ChunkGrowth.of(context);
        boolean begins = growth != ChunkGrowth.GOES_ON;
        BlockRetrieval.Found found = begins ? found(x, mask, layout, before, pass) : null;
        Far far = begins ? far(found, pass) : before.seen();
        Reach reach = reach(x, layout, pass);
        Turning turning = turning();
        NDArray[] common = common(x, mask, before, turning, reach, context);
        NDArray gates = option.forgetGate() == null ? null : pass.run(part("forget"), x);
        boolean keeps = context.memory() != null;
        Maps maps =
                new Maps(map("query", x, pass), map("key", x, pass), map("value", x, pass), gates);
        NDArray[] mixed =
                ChunkKernel.mix(
                        maps,
                        common,
                        before == null
                                ? null
                                : new Before(before.keys(), before.values(), before.logGates()),
                        far,
                        bias(x, reach, context),
                        turning,
                        reach,
                        keeps,
                        context.memoryRecorded());
        if (keeps) {
            BlockStore store = found == null ? null : found.kept();
            Far seen = growth == ChunkGrowth.BEGINS ? seen(maps, common, far, layout) : null;
            keep(mixed, common[LAST_MASK], store, begins ? owned(seen, context) : far, context);
        }
        return list(pass.run(part("output"), mixed[0]));
    }

    private Reach reach(NDArray x, ChunkLayout layout, Pass pass) {
        return new Reach(
                option.numHeads(),
                layout.prefix(),
                layout.suffix(),
                option.before(),
                option.after(),
                block(x),
                pass.training() ? option.dropout() : 0);
    }

    private Turning turning() {
        RotaryPositionOption position = option.position();
        return position == null
                ? null
                : new Turning(position.frequencies(), position.interleaved(), position.amplitude());
    }

    // Once for all layers that see as far, to the same sides: masks and turns are the same in each.
    private NDArray[] common(
            NDArray x,
            NDArray mask,
            ChunkState before,
            Turning turning,
            Reach reach,
            ForwardContext context) {
        String name =
                "chunkAttention.%d.%d.%b.%s"
                        .formatted(
                                option.numHeads(),
                                option.window(),
                                option.causal(),
                                option.position());
        return context.note(
                name,
                NDArray[].class,
                () -> {
                    NDArray[] made =
                            ChunkKernel.common(
                                    x, mask, before == null ? null : before.mask(), turning, reach);
                    Arrays.stream(made).forEach(context::keep);
                    return made;
                });
    }

    private static NDArray mask(NDArray x, NDArray mask) {
        if (mask == null) {
            return ChunkKernel.allTrue(x, x.getShape().get(0), x.getShape().get(1));
        }
        if (mask.getShape().dimension() != 2) {
            throw new IllegalArgumentException(
                    "mask must be (B, T) for attention in chunks, got mask=" + mask.getShape());
        }
        return mask;
    }

    private NDArray map(String name, NDArray x, Pass pass) {
        return pass.run(part(name), x);
    }

    private BlockRetrieval.Found found(
            NDArray x, NDArray mask, ChunkLayout layout, ChunkState before, Pass pass) {
        if (option.retrieval() == null) {
            return null;
        }
        BlockStore store = before == null ? null : before.store();
        return ((BlockRetrieval) part("retrieval")).find(x, mask, layout, store, pass);
    }

    // The keys and values of blocks that were found, from their states.
    private Far far(BlockRetrieval.Found found, Pass pass) {
        if (found == null || found.rows() == null) {
            return null;
        }
        NDArray rows = found.rows(); // (B, k*S, D)
        return new Far(map("key", rows, pass), map("value", rows, pass), found.bias());
    }

    // The tokens before a chunk and the blocks that were found, for the passes that go on with it.
    private static Far seen(Maps maps, NDArray[] common, Far far, ChunkLayout layout) {
        int prefix = layout.prefix();
        if (prefix == 0) {
            return far;
        }
        Far own =
                new Far(
                        ChunkKernel.cut(maps.k(), 1, 0, prefix),
                        ChunkKernel.cut(maps.v(), 1, 0, prefix),
                        ChunkKernel.cut(common[SHIFTS], 1, 0, prefix));
        return far == null
                ? own
                : new Far(
                        ChunkKernel.join(1, own.keys(), far.keys()),
                        ChunkKernel.join(1, own.values(), far.values()),
                        ChunkKernel.join(1, own.bias(), far.bias()));
    }

    private static Far owned(Far seen, ForwardContext context) {
        if (seen != null) {
            for (NDArray array : new NDArray[] {seen.keys(), seen.values(), seen.bias()}) {
                array.attach(context.memory());
            }
        }
        return seen;
    }

    // By offset, (1, H, ., keys) to (H, keys).
    private NDArray bias(NDArray x, Reach reach, ForwardContext context) {
        if (context.scoreShift() == null) {
            return null;
        }
        int keys = reach.before() + 1 + reach.after();
        NDArray shift = context.scoreShift().of(x, reach.after() + 1, keys);
        if (shift.getShape().get(1) != option.numHeads()) {
            throw new IllegalArgumentException(
                    "scorePosition must have the attention's heads, got %d, numHeads=%d"
                            .formatted(shift.getShape().get(1), option.numHeads()));
        }
        return shift.get("0, :, 0, :");
    }

    private static void keep(
            NDArray[] mixed, NDArray mask, BlockStore store, Far seen, ForwardContext context) {
        NDArray keys = mixed[1];
        NDArray values = mixed[2];
        NDArray gates = mixed.length > 3 ? mixed[3] : null;
        for (NDArray array : new NDArray[] {keys, values, mask, gates}) {
            if (array != null) {
                array.attach(context.memory());
            }
        }
        context.putState(new ChunkState(keys, values, mask, gates, store, seen));
    }

    // Positions kept of earlier chunks, and queries that are computed together (R).
    private int block(NDArray like) {
        int smallest = like.getDevice().isGpu() ? SMALLEST_BLOCK_OF_GPUS : SMALLEST_BLOCK;
        return Math.max(smallest, (option.before() + 15) / 16 * 16);
    }
}
