package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Attention over a segment and, behind it, what it read in the segments before: the keys and values
 * come from {@code [memory; x]}, the queries from {@code x}. Scores know distances only: {@code ((q
 * + u) k + (q + v) W r(i - j)) / √Dh}, with r the sinusoids and u, v learned per head.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; query, key, value and position {@code (H·Dh, D)},
 * output {@code (D, H·Dh)}, contentBias (u) and positionBias (v) {@code (H, Dh)}. The memory, up to
 * M inputs of this part, is kept when the context has one ({@link ForwardContext#memory()}); its
 * gradient is cut unless the context says otherwise. The context's mask (true means attend) is
 * {@code (B, T)} for padding, which the memory remembers, or {@code (B, T, S)} with S counting the
 * memory too, which it does not. Asked for the capture "attention", it leaves its weights {@code
 * (B, H, T, S)}. M layers deep, a stack sees L · M positions back.
 *
 * <p>Unlike in the paper's code, with pre-norm layers the memory is the normed input, not the input
 * that is normed again.
 *
 * @see <a href="https://arxiv.org/abs/1901.02860">Dai et al. 2019, Transformer-XL</a>, sections 3.2
 *     and 3.3
 */
public final class SegmentAttention extends Part {

    private final int dim;
    private final SegmentAttentionOption option;
    private final Parameter contentBias;
    private final Parameter positionBias;

    SegmentAttention(int dim, SegmentAttentionOption option) {
        this.dim = dim;
        this.option = option;
        int width = option.numHeads() * option.headSize();
        child("query", new Linear(dim, width, option.bias()));
        child("key", new Linear(dim, width, option.bias()));
        child("value", new Linear(dim, width, option.bias()));
        child("output", new Linear(width, dim, option.outputBias()));
        boolean paper = option.position() == null;
        if (paper) {
            child("position", new Linear(dim, width, false));
        }
        contentBias = paper ? headVector("contentBias") : null;
        positionBias = paper ? headVector("positionBias") : null;
    }

    private Parameter headVector(String name) {
        return declare(name, new NormalInitializer(0.02f), option.numHeads(), option.headSize());
    }

    /** What this attention was built from. */
    public SegmentAttentionOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        ForwardContext context = pass.context();
        check(context, pass.training());
        SegmentMemory memory = context.state(SegmentMemory.class);
        NDArray all = memory == null ? x : SegmentKernel.join(x, memory.hidden()); // (B, S, D)
        NDArray mask = mask(x, memory, context.mask());
        if (context.memory() != null) {
            context.putState(next(all, mask, context));
        }
        NDArray q = heads(pass.run(part("query"), x)); // (B, H, T, Dh)
        NDArray k = heads(pass.run(part("key"), all)); // (B, H, S, Dh)
        NDArray v = heads(pass.run(part("value"), all)); // (B, H, S, Dh)
        NDArray mixed = AttentionKernel.mergeHeads(attend(q, k, v, mask, pass)); // (B, T, H*Dh)
        return list(pass.run(part("output"), mixed));
    }

    private static void check(ForwardContext context, boolean training) {
        if (context.cache() != null && context.memory() == null) {
            throw new IllegalArgumentException(
                    "segment-recurrent attention must get a memory instead of a cache, got"
                            + " cache without memory; use withMemory");
        }
        if (context.positions() != null) {
            throw new IllegalArgumentException(
                    "positions must be null with segment-recurrent attention, which knows"
                            + " distances only, got positions="
                            + context.positions().getShape());
        }
        if (context.memory() != null && context.checkpoints() != null && training) {
            throw new IllegalArgumentException(
                    "memory must be null with activation checkpointing, which would compute a"
                            + " segment again with the memory after it");
        }
    }

    private NDArray heads(NDArray x) {
        return AttentionKernel.splitHeads(x, option.numHeads());
    }

    private static NDArray mask(NDArray x, SegmentMemory memory, NDArray mask) {
        if (memory == null || (mask == null && memory.mask() == null)) {
            return mask;
        }
        if (mask != null && mask.getShape().dimension() != 2) {
            return mask;
        }
        return SegmentKernel.joinMask(x, mask, memory.mask(), memory.length());
    }

    private SegmentMemory next(NDArray all, NDArray mask, ForwardContext context) {
        NDArray hidden = SegmentKernel.latest(all, option.memoryLength(), context.memoryRecorded());
        hidden.attach(context.memory());
        NDArray kept = null;
        if (mask != null && mask.getShape().dimension() == 2) {
            kept = SegmentKernel.latest(mask, option.memoryLength(), false);
            kept.attach(context.memory());
        }
        return new SegmentMemory(hidden, kept);
    }

    private NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask, Pass pass) {
        ForwardContext context = pass.context();
        int queries = Math.toIntExact(q.getShape().get(2));
        int keys = Math.toIntExact(k.getShape().get(2));
        NDArray shift =
                context.scoreShift() == null ? null : context.scoreShift().of(q, queries, keys);
        NDArray moved;
        NDArray keyed = k;
        if (option.position() == null) {
            NDArray relative = relative(q, queries, keys, pass); // (B, H, T, S)
            shift = shift == null ? relative : LinearKernel.add(relative, shift);
            moved = SegmentKernel.addBias(q, pass.value(contentBias, q));
        } else {
            int first = keys - queries;
            moved = option.position().encode(q, AttentionKernel.positions(q, first, queries));
            keyed = option.position().encode(k, null);
        }
        Scores scores = new Scores(mask, shift, option.causal(), null, 0);
        double dropout = pass.training() ? option.dropout() : 0;
        if (!context.captures(SelfAttention.WEIGHTS)) {
            return AttentionKernel.attendHeads(moved, keyed, v, scores, dropout);
        }
        NDArray[] result = AttentionKernel.attendExplicit(moved, keyed, v, scores, dropout);
        context.capture(SelfAttention.WEIGHTS, result[1]);
        return result[0];
    }

    private NDArray relative(NDArray q, int queries, int keys, Pass pass) {
        int count = option.causal() ? keys : keys + queries - 1;
        NDArray distances = SegmentKernel.sinusoids(q, keys - 1, count, dim); // (P, D)
        NDArray r = pass.run(part("position"), distances); // (P, H*Dh)
        return SegmentKernel.relativeScores(
                q, pass.value(positionBias, q), r, keys, 1 / Math.sqrt(option.headSize()));
    }
}
