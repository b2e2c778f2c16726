package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
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

    /** What was asked; null if nothing was. */
    static J3Question of(ForwardContext context) {
        String scope = context.enter(SCOPE);
        J3Question question = context.state(J3Question.class);
        context.enter(scope);
        return question;
    }
}
