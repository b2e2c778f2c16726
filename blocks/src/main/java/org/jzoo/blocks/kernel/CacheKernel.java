package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;

/** Buffers that grow along the positions, (B, X, P, …), written in place. */
public final class CacheKernel {

    private static final Script SCRIPT = Script.load("cache.py");

    private CacheKernel() {}

    /** A buffer of zeros for {@code positions} positions, otherwise shaped as {@code like}. */
    public static NDArray room(NDArray like, int positions) {
        return SCRIPT.call("room", like, positions);
    }

    /**
     * Writes behind what is there.
     *
     * @param buffer (B, X, P, …)
     * @param x (B, X, T, …) with filled + T ≤ P
     * @param filled positions written before
     * @return the first filled + T positions, a view of the buffer, attached where {@code x} is
     */
    public static NDArray append(NDArray buffer, NDArray x, int filled) {
        NDArray view = SCRIPT.call("append", buffer, x, filled);
        view.attach(x.getManager());
        return view;
    }

    /** The first {@code filled} positions, a view. */
    public static NDArray filled(NDArray buffer, int filled) {
        return SCRIPT.call("filled", buffer, filled);
    }

    /** Copies the last {@code kept} of {@code filled} positions to the front of another buffer. */
    public static void move(NDArray source, NDArray target, int filled, int kept) {
        SCRIPT.call("move", source, target, filled, kept).close();
    }
}
