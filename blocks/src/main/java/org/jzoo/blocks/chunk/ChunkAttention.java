package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.initializer.ConstantInitializer;
import java.util.Arrays;
import java.util.Objects;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.ChunkKernel.Far;
import org.jzoo.blocks.kernel.ChunkKernel.Near;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

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

    /** The heads of one pass: queries, keys, values (B, H, T, Dh), mask (B, T). */
    private record Heads(NDArray q, NDArray k, NDArray v, NDArray mask, ChunkLayout layout) {

        int length() {
            return layout.length(q.getShape().get(2));
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = LinearKernel.cast(inputs.singletonOrThrow(), pass.precision()); // (B, T, D)
        ForwardContext context = pass.context();
        Heads heads =
                new Heads(
                        heads("query", x, pass),
                        heads("key", x, pass),
                        heads("value", x, pass),
                        mask(x, context.mask()),
                        ChunkLayout.of(context));
        ChunkState before = context.state(ChunkState.class);
        BlockRetrieval.Found found = found(x, heads, before, pass);
        Far blocks = found == null || found.rows() == null ? null : far(found, pass);
        NDArray plain = ChunkKernel.withoutPosition(heads.k(), option.turned()); // (B, H, T, Dh)
        NDArray[] parts = new NDArray[heads.layout().suffix() > 0 ? 3 : 2];
        parts[1] = near(x, heads, plain, before, blocks, found, pass); // (B, H, C, Dh)
        parts[0] = prefix(heads, plain, blocks, pass); // (B, H, P, Dh)
        if (parts.length == 3) {
            parts[2] = suffix(heads, plain, blocks, pass); // (B, H, W, Dh)
        }
        NDArray mixed =
                ChunkKernel.join(
                        2, Arrays.stream(parts).filter(Objects::nonNull).toArray(NDArray[]::new));
        return list(pass.run(part("output"), AttentionKernel.mergeHeads(mixed)));
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

    private NDArray heads(String map, NDArray x, Pass pass) {
        return AttentionKernel.splitHeads(pass.run(part(map), x), option.numHeads());
    }

    private BlockRetrieval.Found found(NDArray x, Heads heads, ChunkState before, Pass pass) {
        if (option.retrieval() == null) {
            return null;
        }
        BlockStore store = before == null ? null : before.store();
        return ((BlockRetrieval) part("retrieval"))
                .find(x, heads.mask(), heads.layout(), store, pass);
    }

    // The keys and values of blocks that were found, from their states.
    private Far far(BlockRetrieval.Found found, Pass pass) {
        NDArray k = heads("key", found.rows(), pass); // (B, H, k*S, Dh)
        return new Far(
                ChunkKernel.withoutPosition(k, option.turned()),
                heads("value", found.rows(), pass),
                found.bias());
    }

    private NDArray near(
            NDArray x,
            Heads heads,
            NDArray plain,
            ChunkState before,
            Far found,
            BlockRetrieval.Found retrieval,
            Pass pass) {
        int p = heads.layout().prefix();
        int c = heads.length();
        int block = block(x);
        NDArray q = ChunkKernel.part(heads.q(), 2, p, c);
        NDArray k = // (B, H, R+C, Dh)
                ChunkKernel.behind(
                        ChunkKernel.part(heads.k(), 2, p, c),
                        before == null ? null : before.keys(),
                        2,
                        block);
        NDArray v =
                ChunkKernel.behind(
                        ChunkKernel.part(heads.v(), 2, p, c),
                        before == null ? null : before.values(),
                        2,
                        block);
        NDArray mask = // (B, R+C)
                ChunkKernel.behind(
                        ChunkKernel.part(heads.mask(), 1, p, c),
                        before == null ? null : before.mask(),
                        1,
                        block);
        NDArray logs = logGates(x, p, c, before, pass); // (B, H, R+C)
        if (pass.context().memory() != null) {
            keep(k, v, mask, logs, retrieval, pass.context());
        }
        if (option.position() != null) {
            q = option.position().encode(q, AttentionKernel.positions(q, block, c));
            k = option.position().encode(k, null);
        }
        Far far = p == 0 ? found : with(found, heads, plain);
        return ChunkKernel.attend(
                q,
                k,
                v,
                mask,
                logs == null ? null : ChunkKernel.cumulate(logs),
                new Near(option.before(), option.after(), block, bias(q, pass.context())),
                far,
                dropout(pass));
    }

    // The tokens before the chunk, and what was found.
    private static Far with(Far found, Heads heads, NDArray plain) {
        int p = heads.layout().prefix();
        NDArray k = ChunkKernel.part(plain, 2, 0, p);
        NDArray v = ChunkKernel.part(heads.v(), 2, 0, p);
        NDArray bias = ChunkKernel.keyBias(ChunkKernel.part(heads.mask(), 1, 0, p));
        return found == null ? new Far(k, v, bias) : join(k, v, bias, found);
    }

    private static Far join(NDArray k, NDArray v, NDArray bias, Far found) {
        return new Far(
                ChunkKernel.join(2, k, found.keys()),
                ChunkKernel.join(2, v, found.values()),
                ChunkKernel.join(1, bias, found.bias()));
    }

    private NDArray prefix(Heads heads, NDArray plain, Far found, Pass pass) {
        int p = heads.layout().prefix();
        if (p == 0) {
            return null;
        }
        NDArray q = ChunkKernel.part(heads.q(), 2, 0, p);
        NDArray bias = ChunkKernel.keyBias(heads.mask()); // (B, T)
        Far all =
                option.causal()
                        ? with(found, heads, plain)
                        : found == null
                                ? new Far(plain, heads.v(), bias)
                                : join(plain, heads.v(), bias, found);
        return ChunkKernel.attendAll(q, all.keys(), all.values(), all.bias(), dropout(pass));
    }

    private NDArray suffix(Heads heads, NDArray plain, Far found, Pass pass) {
        int w = heads.layout().suffix();
        NDArray q = ChunkKernel.part(heads.q(), 2, heads.layout().prefix() + heads.length(), w);
        NDArray bias = ChunkKernel.keyBias(heads.mask());
        Far all =
                found == null
                        ? new Far(plain, heads.v(), bias)
                        : join(plain, heads.v(), bias, found);
        return ChunkKernel.attendAll(q, all.keys(), all.values(), all.bias(), dropout(pass));
    }

    private NDArray logGates(NDArray x, int p, int c, ChunkState before, Pass pass) {
        if (option.forgetGate() == null) {
            return null;
        }
        NDArray chunk = ChunkKernel.part(x, 1, p, c);
        NDArray logs = ChunkKernel.logGates(pass.run(part("forget"), chunk)); // (B, H, C)
        return ChunkKernel.behind(logs, before == null ? null : before.logGates(), 2, block(x));
    }

    // By offset, (1, H, window) to (H, window).
    private NDArray bias(NDArray q, ForwardContext context) {
        if (context.scoreShift() == null) {
            return null;
        }
        int keys = option.before() + 1 + option.after();
        NDArray shift = context.scoreShift().of(q, option.after() + 1, keys); // (1, H, ., keys)
        if (shift.getShape().get(1) != option.numHeads()) {
            throw new IllegalArgumentException(
                    "scorePosition must have the attention's heads, got %d, numHeads=%d"
                            .formatted(shift.getShape().get(1), option.numHeads()));
        }
        return shift.get("0, :, 0, :");
    }

    private void keep(
            NDArray k,
            NDArray v,
            NDArray mask,
            NDArray logs,
            BlockRetrieval.Found retrieval,
            ForwardContext context) {
        boolean recorded = context.memoryRecorded();
        int block = block(k);
        NDArray keys = ChunkKernel.last(k, 2, block, recorded);
        NDArray values = ChunkKernel.last(v, 2, block, recorded);
        NDArray real = ChunkKernel.last(mask, 1, block, false);
        NDArray gates = logs == null ? null : ChunkKernel.last(logs, 2, block, recorded);
        for (NDArray array : new NDArray[] {keys, values, real, gates}) {
            if (array != null) {
                array.attach(context.memory());
            }
        }
        BlockStore store = retrieval == null ? null : retrieval.kept();
        context.putState(new ChunkState(keys, values, real, gates, store));
    }

    // Positions kept of earlier chunks, and queries that are computed together (R).
    private int block(NDArray like) {
        int smallest = like.getDevice().isGpu() ? SMALLEST_BLOCK_OF_GPUS : SMALLEST_BLOCK;
        return Math.max(smallest, (option.before() + 15) / 16 * 16);
    }

    private double dropout(Pass pass) {
        return pass.training() ? option.dropout() : 0;
    }
}
