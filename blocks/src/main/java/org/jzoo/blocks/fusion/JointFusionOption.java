package org.jzoo.blocks.fusion;

import java.util.Objects;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * Chooses {@link JointFusion}.
 *
 * @param stack the Transformer over both streams
 * @param modulated whether the text scales and shifts the image's features before the Transformer
 */
public record JointFusionOption(TransformerConfig stack, boolean modulated)
        implements FusionOption {

    /** Validates. */
    public JointFusionOption {
        Objects.requireNonNull(stack, "stack");
    }

    /**
     * Builds the fusion.
     *
     * @throws IllegalArgumentException if {@code dim} is not the stack's
     */
    @Override
    public JointFusion create(int dim) {
        if (dim != stack.dim()) {
            throw new IllegalArgumentException(
                    "dim must be that of the stack, got dim=%d, stack=%d"
                            .formatted(dim, stack.dim()));
        }
        return new JointFusion(this);
    }
}
