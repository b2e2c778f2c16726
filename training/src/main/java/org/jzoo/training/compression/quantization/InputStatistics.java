package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import java.util.Objects;

/**
 * What a linear map was given by a few texts.
 *
 * @param second Σ x xᵀ over tokens, (In, In) float64
 * @param magnitude Σ |x| over tokens, (In) float64
 * @param fisher squares of the loss's gradients by the weight, summed over batches, (Out, In)
 *     float32; null if nobody asked for them
 */
public record InputStatistics(NDArray second, NDArray magnitude, NDArray fisher) {

    /** Validates. */
    public InputStatistics {
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(magnitude, "magnitude");
    }
}
