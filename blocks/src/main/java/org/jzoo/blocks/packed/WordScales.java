package org.jzoo.blocks.packed;

import ai.djl.ndarray.NDArray;
import java.util.Objects;

/**
 * What the codes of a table of words stand for.
 *
 * @param scale (groups) float32, each row's after those of the rows before
 * @param zero (groups) uint8; null where the middle code is zero
 */
public record WordScales(NDArray scale, NDArray zero) {

    /** Validates. */
    public WordScales {
        Objects.requireNonNull(scale, "scale");
    }
}
