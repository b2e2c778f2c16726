package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Each position attends to another sequence: {@code output(softmax(q kᵀ / √Dh) v)} with queries
 * from {@code x}, keys and values from a memory; fused.
 *
 * <p>Inputs: {@code x (B, T, D)}; the memory {@code (B, S, Dm)}; if values do not come from where
 * keys come from, their source {@code (B, S, Dm)}; if not all of the memory exists, a boolean mask
 * {@code (B, S)} or {@code (B, T, S)}, true means attend. Output {@code (B, T, D)}. Query {@code
 * (H·Dh, D)}, key and value {@code (K·Dh, Dm)}, output {@code (D, H·Dh)}. The context's mask, which
 * speaks of {@code x}, restricts nothing here. A query that may attend to nothing gets the output
 * map's bias. Asked for the capture "crossAttention", it leaves its weights {@code (B, H, T, S)}
 * there and computes without fusion.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.2.3
 */
public final class CrossAttention extends Part {

    /** The capture under which the weights are left. */
    public static final String WEIGHTS = "crossAttention";

    private final CrossAttentionOption option;

    CrossAttention(int dim, int memoryDim, CrossAttentionOption option) {
        this.option = option;
        int queryWidth = option.numHeads() * option.headSize();
        int keyWidth = option.numKeyHeads() * option.headSize();
        child("query", new Linear(dim, queryWidth, option.bias()));
        child("key", new Linear(memoryDim, keyWidth, option.bias()));
        child("value", new Linear(memoryDim, keyWidth, option.bias()));
        child("output", new Linear(queryWidth, dim, option.outputBias()));
    }

    /** What this attention was built from. */
    public CrossAttentionOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        boolean masked = inputs.get(inputs.size() - 1).getDataType() == DataType.BOOLEAN;
        int arrays = inputs.size() - (masked ? 1 : 0);
        if (arrays != 2 && arrays != 3) {
            throw new IllegalArgumentException(
                    "inputs must be x, memory, values if they differ and a boolean mask if there is"
                            + " one, got %d arrays and %d masks".formatted(arrays, masked ? 1 : 0));
        }
        NDArray q = pass.run(part("query"), inputs.get(0)); // (B, T, H*Dh)
        NDArray memory = LinearKernel.cast(inputs.get(1), pass.precision()); // (B, S, Dm)
        NDArray k = pass.run(part("key"), memory); // (B, S, K*Dh)
        NDArray source = arrays == 3 ? inputs.get(2) : memory; // (B, S, Dm)
        NDArray v = pass.run(part("value"), source); // (B, S, K*Dh)
        NDArray mask = masked ? inputs.get(arrays) : null;
        return list(pass.run(part("output"), attend(q, k, v, Scores.masked(mask), pass)));
    }

    private NDArray attend(NDArray q, NDArray k, NDArray v, Scores scores, Pass pass) {
        double dropout = pass.training() ? option.dropout() : 0;
        int heads = option.numHeads();
        int keyHeads = option.numKeyHeads();
        if (!pass.context().captures(WEIGHTS)) {
            return AttentionKernel.attend(q, k, v, heads, keyHeads, scores, dropout);
        }
        NDArray[] result =
                AttentionKernel.attendExplicit(
                        AttentionKernel.splitHeads(q, heads),
                        AttentionKernel.splitHeads(k, keyHeads),
                        AttentionKernel.splitHeads(v, keyHeads),
                        scores,
                        dropout);
        pass.context().capture(WEIGHTS, result[1]);
        return AttentionKernel.mergeHeads(result[0]);
    }

    /** The shape of {@code x}. */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
