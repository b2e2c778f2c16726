package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Table look-ups, position rows and pooling. */
public final class EmbeddingKernel {

    private static final Script SCRIPT = Script.load("embedding.py");

    private EmbeddingKernel() {}

    /**
     * Takes the rows of a table.
     *
     * @param ids (B, T) int64, attached where the result shall be attached
     * @param table (V, D)
     * @param padding the row that gets no gradient, or -1 for none
     * @return (B, T, D)
     */
    public static NDArray lookup(NDArray ids, NDArray table, int padding) {
        NDArray rows = SCRIPT.call("lookup", table, ids, padding);
        rows.attach(ids.getManager());
        return rows;
    }

    /**
     * Cuts windows out of a long sequence of tokens, without leaving the device.
     *
     * @param starts where they start (B) int64, attached where the result shall be attached
     * @param sequence (N)
     * @param offset added to each start
     * @param length of each window; start + offset + length must be at most N
     * @return (B, length)
     */
    public static NDArray windows(NDArray starts, NDArray sequence, int offset, int length) {
        return SCRIPT.call("windows", starts, sequence, offset, length);
    }

    /**
     * Adds one row of a table to each position, the same for all examples.
     *
     * @param x (B, T, D)
     * @param table (P, D) with P ≥ offset + T
     * @param offset the row for position 0
     * @return (B, T, D)
     */
    public static NDArray addRows(NDArray x, NDArray table, int offset) {
        return SCRIPT.call("add_rows", x, table, offset);
    }

    /** Adds {@code table[positions]} to {@code x}: (B, T, D), table (P, D), positions (B, T). */
    public static NDArray addRows(NDArray x, NDArray table, NDArray positions) {
        return SCRIPT.call("gather_rows", x, table, positions);
    }

    /**
     * Adds sines (even features) and cosines (odd features) of position / 10000^(2i/D).
     *
     * @param x (B, T, D)
     * @param positions (T) or (B, T); null for 0 … T-1
     * @return (B, T, D)
     */
    public static NDArray addSinusoids(NDArray x, NDArray positions) {
        return SCRIPT.call("add_sinusoids", x, positions);
    }

    /**
     * Numbers the tokens that are not padding from {@code padding + 1} upwards; padding gets {@code
     * padding}.
     *
     * @param ids (B, T) int64
     * @return (B, T) int64
     */
    public static NDArray positionsPast(NDArray ids, int padding) {
        return SCRIPT.call("positions_past", ids, padding);
    }

    /**
     * Whether {@link #positionsPast} numbers each row's tokens as they stand, {@code padding + 1 +
     * t}: no padding before or between them.
     *
     * @param ids (B, T) int64
     * @param mask (B, T), not 0 where a token is; null when all are
     */
    public static boolean positionsInOrder(NDArray ids, NDArray mask, int padding) {
        try (NDArray answer = SCRIPT.call("positions_in_order", ids, mask, padding)) {
            return answer.getBoolean();
        }
    }

    /**
     * Averages over the positions that are kept.
     *
     * @param x (B, T, D)
     * @param mask (B, T), true (or non-zero) means keep; null keeps all
     * @return (B, D)
     */
    public static NDArray meanPool(NDArray x, NDArray mask) {
        return SCRIPT.call("mean_pool", x, mask);
    }

    /**
     * Takes the state at a token's first place in each row.
     *
     * @param x (B, T, D)
     * @param ids (B, T) int64
     * @param token the token, or a negative number for the highest id of each row
     * @return (B, D); the first position where the token is missing
     */
    public static NDArray atToken(NDArray x, NDArray ids, int token) {
        return SCRIPT.call("at_token", x, ids, token);
    }

    /** Takes the first position: (B, T, D) to (B, D). */
    public static NDArray first(NDArray x) {
        return SCRIPT.call("first", x);
    }

    /** Takes the last position, kept as an axis: (B, T, D) to (B, 1, D). */
    public static NDArray last(NDArray x) {
        return SCRIPT.call("last", x);
    }

    /**
     * Cuts a batch into copies of its rows without their padding.
     *
     * @param x (B, T, D)
     * @param lengths positions to keep of each row, B numbers in [0, T]
     * @return B arrays (lengths[i], D)
     */
    public static NDArray[] cutRows(NDArray x, long[] lengths) {
        try (NDManager local = PyTorch.newBaseManager()) {
            return SCRIPT.callList("cut_rows", x, local.create(lengths));
        }
    }

    /**
     * Stacks rows of different lengths, each followed by zeros.
     *
     * @param rows at least one, (n, D) with n at most {@code length}
     * @param length T
     * @return (B, T, D)
     */
    public static NDArray padRows(NDArray[] rows, long length) {
        return SCRIPT.call("pad_rows", rows, length);
    }

    /**
     * Changes texts at random, from the engine's seed: neighbouring tokens swap places, or tokens
     * of other texts of the batch take theirs. Each text draws how much, uniformly from nothing to
     * the shares given.
     *
     * @param ids (B, T) int64
     * @param fixed (N) int64, the tokens that stay where they are
     * @param untouched share of the texts that stay as they are, in [0, 1)
     * @param replaced share of a text's tokens that others replace at most, in [0, 1]
     * @param swapped share of a text's neighbours that swap places at most, in [0, 1]
     * @return (B, T)
     */
    public static NDArray changed(
            NDArray ids, NDArray fixed, double untouched, double replaced, double swapped) {
        return SCRIPT.call("changed", ids, fixed, untouched, replaced, swapped);
    }
}
