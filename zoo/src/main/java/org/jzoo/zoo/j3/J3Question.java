package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.part.ForwardContext;

/**
 * What a reader has in mind from the first chunk to the last; it travels among the context's
 * states.
 *
 * @param ids (B, Q) int64
 * @param mask which of them exist (B, Q), true means they do; null for all
 */
record J3Question(NDArray ids, NDArray mask) {

    private static final String SCOPE = "question.";

    /** Tells all chunks that follow. */
    void leave(ForwardContext context) {
        String scope = context.enter(SCOPE);
        context.putState(this);
        context.enter(scope);
    }

    /**
     * The same, owned by the manager of a chunk's {@code ids}, as what is computed of it then is.
     */
    J3Question beside(NDArray chunk) {
        return new J3Question(copy(ids, chunk), mask == null ? null : copy(mask, chunk));
    }

    private static NDArray copy(NDArray array, NDArray chunk) {
        NDArray copy = SegmentKernel.cut(array, 0, Math.toIntExact(array.getShape().get(1)));
        copy.attach(chunk.getManager());
        return copy;
    }

    /** What was asked; null if nothing was. */
    static J3Question of(ForwardContext context) {
        String scope = context.enter(SCOPE);
        J3Question question = context.state(J3Question.class);
        context.enter(scope);
        return question;
    }
}
