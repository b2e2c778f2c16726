package org.jzoo.zoo.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import java.util.Map;
import java.util.Set;

/**
 * How a kind of model runs on published inputs: which it takes, and what its outputs are called.
 */
public interface VerifiedModel {

    /** The names of inputs that it takes; others are refused. */
    Set<String> inputs();

    /**
     * Runs without dropout; gradients are recorded if the thread records them.
     *
     * @param block the model
     * @param inputs by published name; masks are int64 as published
     * @param wanted the names of the outputs to compare
     * @return the outputs by published name: "last_hidden_state", "hidden_states.0", "logits", …
     */
    Map<String, NDArray> run(Block block, Map<String, NDArray> inputs, Set<String> wanted);

    /**
     * A gradient as the published implementation counts it, where that leaves something out.
     *
     * @param path of the weight
     */
    default NDArray gradient(String path, NDArray gradient) {
        return gradient;
    }

    /**
     * Continues each row by the most probable token.
     *
     * @param ids the rows' beginnings (B, T)
     * @param count tokens to add
     * @return (B, T + count)
     * @throws IllegalArgumentException if such a model generates nothing
     */
    default long[][] greedy(Block block, long[][] ids, int count) {
        throw new IllegalArgumentException(
                "model must generate text, got " + block.getClass().getSimpleName());
    }
}
