package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import java.util.Objects;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * Tells retrieval in training which blocks hold what is asked for; it travels among the context's
 * states. Every layer that finds blocks adds an auxiliary loss at every chunk: the blocks read so
 * far that answer are to score above 0, all others below, among them the blocks of the other rows
 * of the batch, so that short texts show a choice as wide as long ones do. Where nothing read so
 * far answers, nothing is to score above 0.
 *
 * <p>Chunks must be whole blocks, but for the last.
 *
 * @param marks of the tokens (B, N) int64: 2 for those that answer the row's question, 1 for those
 *     of sentences like these, 0 for others
 * @param kinds of the rows (B) int64: sentences of one row may answer another of its kind, and are
 *     not compared
 * @param weight of the loss, above 0
 * @see <a href="https://arxiv.org/abs/2307.03170">Tworkowski et al. 2023, Focused Transformer</a>,
 *     section 3.2: keys of other documents of the batch; there without being told
 * @see <a href="https://arxiv.org/abs/2004.04906">Karpukhin et al. 2020, Dense passage
 *     retrieval</a>, section 3.2
 */
public record RetrievalGuide(NDArray marks, NDArray kinds, double weight) {

    private static final String SCOPE = "retrievalGuide.";
    private static final String LOSS = "guidance";

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code weight} is not above 0
     */
    public RetrievalGuide {
        Objects.requireNonNull(marks, "marks");
        Objects.requireNonNull(kinds, "kinds");
        if (!(weight > 0)) {
            throw new IllegalArgumentException("weight must be > 0, got weight=" + weight);
        }
    }

    /** Tells all chunks that follow. */
    public void leave(ForwardContext context) {
        String scope = context.enter(SCOPE);
        context.putState(this);
        context.enter(scope);
    }

    /** What was told; null if nothing was. */
    static RetrievalGuide of(ForwardContext context) {
        String scope = context.enter(SCOPE);
        RetrievalGuide guide = context.state(RetrievalGuide.class);
        context.enter(scope);
        return guide;
    }

    /** Adds the loss of a choice among blocks of {@code size} tokens for queries (B, Dk). */
    void judge(NDArray query, BlockStore among, int size, ForwardContext context) {
        NDArray loss = among.guidance(query, this, size);
        context.addLoss(LOSS, LossKernel.scale(loss, weight));
    }
}
