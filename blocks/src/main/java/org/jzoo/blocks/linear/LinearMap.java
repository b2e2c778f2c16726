package org.jzoo.blocks.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * An affine map {@code x · weightᵀ + bias}, whatever its weight is kept in.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)} in the pass's precision.
 */
public abstract class LinearMap extends Part {

    private final int in;
    private final int out;

    /**
     * Creates a map.
     *
     * @param in features of the input, at least 1
     * @param out features of the output, at least 1
     * @throws IllegalArgumentException if a size is below 1
     */
    protected LinearMap(int in, int out) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "in and out must be >= 1, got in=%d, out=%d".formatted(in, out));
        }
        this.in = in;
        this.out = out;
    }

    /** Features of the input. */
    public final int in() {
        return in;
    }

    /** Features of the output. */
    public final int out() {
        return out;
    }

    /** The bias, (Out); null for none. */
    public abstract Parameter bias();

    /**
     * Computes the map plus a low-rank update, {@code map(x) + scale · dropout(x) · aᵀ · bᵀ}.
     *
     * @param x (..., In)
     * @param a (R, In)
     * @param b (Out, R)
     * @param scale factor of the update
     * @param dropout share of the update's inputs that are zeroed, in [0, 1)
     * @return (..., Out)
     */
    public abstract NDArray plusLowRank(
            NDArray x, Pass pass, NDArray a, NDArray b, double scale, double dropout);

    /**
     * The map with {@code scale · b · a} added to its weight: this one, changed in place, where the
     * weight can hold the sum, else a new one in float32.
     */
    public abstract Linear merged(NDArray a, NDArray b, double scale);

    @Override
    public final Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {x.slice(0, x.dimension() - 1).add(out)};
    }
}
