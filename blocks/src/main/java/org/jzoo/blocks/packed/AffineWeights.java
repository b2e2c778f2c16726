package org.jzoo.blocks.packed;

import ai.djl.ndarray.NDArray;
import java.util.Objects;

/**
 * The arrays of an affine map or of a norm.
 *
 * @param weight (Out, In), or (D) in a norm; float32
 * @param bias (Out), or (D) in a norm; float32
 */
public record AffineWeights(NDArray weight, NDArray bias) {

    /** Validates. */
    public AffineWeights {
        Objects.requireNonNull(weight, "weight");
        Objects.requireNonNull(bias, "bias");
    }
}
