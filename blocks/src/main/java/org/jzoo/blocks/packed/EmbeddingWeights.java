package org.jzoo.blocks.packed;

import ai.djl.ndarray.NDArray;
import java.util.Objects;

/**
 * The tables whose rows add up to what the first layer reads, after a norm.
 *
 * @param words (V, D) float32; or codes of few bits, (V, bytes of a row) uint8
 * @param positions (P, D) float32; row t belongs to position t of a row of tokens
 * @param types (Y, D) float32, or null for an encoder without token types
 * @param norm of width D
 * @param wordScales for words that are codes; else null
 */
public record EmbeddingWeights(
        NDArray words,
        NDArray positions,
        NDArray types,
        AffineWeights norm,
        WordScales wordScales) {

    /** Validates. */
    public EmbeddingWeights {
        Objects.requireNonNull(words, "words");
        Objects.requireNonNull(positions, "positions");
        Objects.requireNonNull(norm, "norm");
    }
}
