package org.jzoo.blocks.fusion;

import java.util.Objects;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.transformer.LayerConfig;

/**
 * Chooses {@link TwoWayFusion}.
 *
 * @param numLayers layers (L), at least 1
 * @param cross the attention from one stream to the other
 * @param shared whether both directions have the same weights, as in LXMERT
 * @param layer the self-attention and feed-forward that follow, built once a stream; its norm,
 *     placement and dropout are the cross-attention's too
 * @param finalNorm the norm after the last layer, once a stream; null for none
 */
public record TwoWayFusionOption(
        int numLayers,
        CrossAttentionOption cross,
        boolean shared,
        LayerConfig layer,
        NormOption finalNorm)
        implements FusionOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no layer
     */
    public TwoWayFusionOption {
        Objects.requireNonNull(cross, "cross");
        Objects.requireNonNull(layer, "layer");
        if (numLayers < 1) {
            throw new IllegalArgumentException(
                    "numLayers must be >= 1, got numLayers=" + numLayers);
        }
    }

    @Override
    public TwoWayFusion create(int dim) {
        return new TwoWayFusion(dim, this);
    }
}
