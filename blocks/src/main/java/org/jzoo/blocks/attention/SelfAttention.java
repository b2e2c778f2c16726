package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Each position attends to the others: {@code output(softmax(q kᵀ / √Dh) v)}, fused.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; query {@code (H·Dh, D)}, key and value {@code
 * (K·Dh, D)}, output {@code (D, H·Dh)}. The context's mask (true means attend) restricts it; asked
 * for the capture "attention", it leaves its weights {@code (B, H, T, T)} there and computes
 * without fusion.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.2
 */
public final class SelfAttention extends Part {

    /** The capture under which the weights are left. */
    public static final String WEIGHTS = "attention";

    private final SelfAttentionOption option;

    SelfAttention(int dim, SelfAttentionOption option) {
        this.option = option;
        int queryWidth = option.numHeads() * option.headSize();
        int keyWidth = option.numKeyHeads() * option.headSize();
        child("query", new Linear(dim, queryWidth, option.bias()));
        child("key", new Linear(dim, keyWidth, option.bias()));
        child("value", new Linear(dim, keyWidth, option.bias()));
        child("output", new Linear(queryWidth, dim, option.outputBias()));
    }

    /** What this attention was built from. */
    public SelfAttentionOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = LinearKernel.cast(inputs.singletonOrThrow(), pass.precision()); // (B, T, D)
        NDArray q = pass.run(part("query"), x); // (B, T, H*Dh)
        NDArray k = pass.run(part("key"), x); // (B, T, K*Dh)
        NDArray v = pass.run(part("value"), x); // (B, T, K*Dh)
        ForwardContext context = pass.context();
        AttentionKernel.Scores scores =
                new AttentionKernel.Scores(context.mask(), null, option.causal(), null);
        double dropout = pass.training() ? option.dropout() : 0;
        boolean plain = option.position() == null && !context.captures(WEIGHTS);
        NDArray mixed =
                plain
                        ? AttentionKernel.attend(
                                q, k, v, option.numHeads(), option.numKeyHeads(), scores, dropout)
                        : attendHeads(q, k, v, scores, dropout, context); // (B, T, H*Dh)
        return list(pass.run(part("output"), mixed));
    }

    private NDArray attendHeads(
            NDArray q,
            NDArray k,
            NDArray v,
            AttentionKernel.Scores scores,
            double dropout,
            ForwardContext context) {
        NDArray qh = AttentionKernel.splitHeads(q, option.numHeads()); // (B, H, T, Dh)
        NDArray kh = AttentionKernel.splitHeads(k, option.numKeyHeads()); // (B, K, T, Dh)
        NDArray vh = AttentionKernel.splitHeads(v, option.numKeyHeads()); // (B, K, T, Dh)
        if (option.position() != null) {
            qh = option.position().encode(qh, context.positions());
            kh = option.position().encode(kh, context.positions());
        }
        if (!context.captures(WEIGHTS)) {
            return AttentionKernel.mergeHeads(
                    AttentionKernel.attendHeads(qh, kh, vh, scores, dropout));
        }
        NDArray[] result = AttentionKernel.attendExplicit(qh, kh, vh, scores, dropout);
        context.capture(WEIGHTS, result[1]);
        return AttentionKernel.mergeHeads(result[0]);
    }
}
