package org.jzoo.blocks.packed;

import java.util.Objects;

/**
 * One post-norm layer: {@code h = norm(x + attention(x))}, {@code norm(h + outer(gelu(inner(h))))}.
 *
 * @param attention of width D
 * @param attentionNorm of width D
 * @param inner weight (F, D) and bias (F)
 * @param outer weight (D, F) and bias (D)
 * @param outerNorm of width D
 */
public record LayerWeights(
        AttentionWeights attention,
        AffineWeights attentionNorm,
        AffineWeights inner,
        AffineWeights outer,
        AffineWeights outerNorm) {

    /** Validates. */
    public LayerWeights {
        Objects.requireNonNull(attention, "attention");
        Objects.requireNonNull(attentionNorm, "attentionNorm");
        Objects.requireNonNull(inner, "inner");
        Objects.requireNonNull(outer, "outer");
        Objects.requireNonNull(outerNorm, "outerNorm");
    }
}
