package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * The mean of {@code -log softmax(logits)[label]} for the first and for the last token of an
 * answer: logits {@code (B, N, 2)}, labels {@code (B, 2)} int64 in [0, N]. N means that the text
 * has no answer, which competes with the logit 0, so that parts of one text can be compared. Tokens
 * that the context's mask hides are no candidates.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2018, BERT</a>, section 4.2; there
 *     the logit of "no answer" is learned
 */
public final class SpanCrossEntropy implements Loss {

    /** Stateless. */
    public SpanCrossEntropy() {}

    @Override
    public NDArray compute(NDList outputs, NDList labels, ForwardContext context) {
        return LossKernel.span(outputs.get(0), labels.get(0), context.mask());
    }
}
