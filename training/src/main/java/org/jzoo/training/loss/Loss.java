package org.jzoo.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Set;
import org.jzoo.blocks.part.ForwardContext;

/** A function from outputs and labels to the number that training lowers. */
@FunctionalInterface
public interface Loss {

    /**
     * Computes the loss.
     *
     * @param outputs what the model gave
     * @param labels what the batch brought
     * @param context of the forward pass, with what the model left there; its auxiliary losses are
     *     added by the loop
     * @return a float32 scalar, the mean over the batch's items
     */
    NDArray compute(NDList outputs, NDList labels, ForwardContext context);

    /** The internals that it reads from the context, such as "hidden"; none by default. */
    default Set<String> captures() {
        return Set.of();
    }
}
