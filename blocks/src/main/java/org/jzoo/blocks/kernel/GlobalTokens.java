package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/**
 * The few tokens of each row that take part in attention apart from the others: where they are, and
 * how their rows are taken out and put back.
 *
 * @param tokens (B, T) booleans, true means such a token
 * @param positions (B, G) int64 in order, G the most in one row; any position where not real
 * @param real (B, G) booleans
 */
public record GlobalTokens(NDArray tokens, NDArray positions, NDArray real) {

    private static final Script SCRIPT = Script.load("global_tokens.py");

    /**
     * Finds them.
     *
     * @param tokens (B, T) booleans
     * @param mask (B, T) booleans, true means a real token: padding is never global; null for all
     */
    public static GlobalTokens of(NDArray tokens, NDArray mask) {
        NDArray[] found = SCRIPT.callList("find", tokens, mask);
        return new GlobalTokens(tokens, found[0], found[1]);
    }

    /** Booleans like {@code ids} (B, T), true for the first token of each row. */
    public static NDArray first(NDArray ids) {
        return SCRIPT.call("first", ids);
    }

    /** How many there are in the row that has most (G). */
    public int count() {
        return Math.toIntExact(positions.getShape().get(1));
    }

    /** Takes rows out of x: (B, T, D) to (B, G, D). */
    public NDArray pickFeatures(NDArray x) {
        return SCRIPT.call("pick_features", x, positions);
    }

    /** Takes rows out of x in head layout: (B, H, T, Dh) to (B, H, G, Dh). */
    public NDArray pickHeads(NDArray x) {
        return SCRIPT.call("pick_heads", x, positions);
    }

    /** Replaces rows of x (B, H, T, Dh) by {@code rows} (B, H, G, Dh). */
    public NDArray putHeads(NDArray x, NDArray rows) {
        return SCRIPT.call("put_heads", x, positions, real, rows, tokens);
    }

    /** The other tokens of those that {@code mask} (B, T) keeps; null keeps all. */
    public NDArray others(NDArray mask) {
        return SCRIPT.call("without", tokens, mask);
    }

    /** Zeros in x (B, H, T, Dh) at the positions that {@code mask} (B, T) leaves out. */
    public static NDArray only(NDArray x, NDArray mask) {
        return mask == null ? x : SCRIPT.call("only", x, mask);
    }
}
