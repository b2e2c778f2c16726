package org.jzoo.blocks.packed;

import java.util.Objects;

/**
 * The maps of a self-attention: queries, keys and values with weight (A, D) and bias (A), where A
 * is the features of all its heads, and the output with weight (D, A) and bias (D).
 *
 * @param query makes queries
 * @param key makes keys
 * @param value makes values
 * @param output follows the heads
 */
public record AttentionWeights(
        AffineWeights query, AffineWeights key, AffineWeights value, AffineWeights output) {

    /** Validates. */
    public AttentionWeights {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(output, "output");
    }
}
