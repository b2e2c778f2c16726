package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;

/**
 * The layers of a model's stack that run in a pass: all others are left out.
 *
 * <p>A pass over the layers below l, whose result is the capture "layers.{l}.hidden", and a pass
 * from there on compute what one pass over all computes. Lower layers that do not learn can so run
 * once for many passes of the upper ones.
 *
 * @param first the first layer that runs, at least 0
 * @param states its input (B, T, D), in place of the embedded tokens; null exactly if first is 0
 * @param end the first layer that does not run any more, above {@code first}
 */
public record LayerSpan(int first, NDArray states, int end) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if no layer would run, or states are missing or too many
     */
    public LayerSpan {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException(
                    "first must be >= 0 and end must be > first, got first=%d, end=%d"
                            .formatted(first, end));
        }
        if ((states == null) != (first == 0)) {
            throw new IllegalArgumentException(
                    "states must be null exactly if first is 0, got first=%d, states=%s"
                            .formatted(first, states == null ? "null" : states.getShape()));
        }
    }

    /** Layers 0 to {@code end - 1}; without what follows the stack's last layer. */
    public static LayerSpan below(int end) {
        return new LayerSpan(0, null, end);
    }

    /** Layers {@code first}, at least 1, to the last, on the states that the others left. */
    public static LayerSpan from(int first, NDArray states) {
        return new LayerSpan(first, states, Integer.MAX_VALUE);
    }
}
