package org.jzoo.blocks.transformer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.ScorePosition;

/**
 * What a stack is made of.
 *
 * @param dim width (D), at least 1
 * @param layers each layer's parts, at least one layer
 * @param finalNorm the norm after the last layer, or null for none
 * @param scorePosition what all layers' attention scores know of positions, or null for nothing
 */
public record TransformerConfig(
        int dim, List<LayerConfig> layers, NormOption finalNorm, ScorePosition scorePosition) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no width or no layer
     */
    public TransformerConfig {
        layers = List.copyOf(layers);
        if (dim < 1 || layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "dim and the number of layers must be >= 1, got dim=%d, layers=%d"
                            .formatted(dim, layers.size()));
        }
    }

    /** A stack of equal layers. */
    public static TransformerConfig uniform(
            int dim, int numLayers, LayerConfig layer, NormOption finalNorm) {
        return new TransformerConfig(dim, Collections.nCopies(numLayers, layer), finalNorm, null);
    }

    /**
     * A stack whose layers take turns: {@code first} at 0, 2, …, {@code second} at 1, 3, …, such as
     * layers with a dense feed-forward and with experts.
     *
     * @see <a href="https://arxiv.org/abs/2112.06905">Du et al. 2021, GLaM</a>, section 4
     */
    public static TransformerConfig alternating(
            int dim, int numLayers, LayerConfig first, LayerConfig second, NormOption finalNorm) {
        List<LayerConfig> layers = new ArrayList<>();
        for (int l = 0; l < numLayers; l++) {
            layers.add(l % 2 == 0 ? first : second);
        }
        return new TransformerConfig(dim, layers, finalNorm, null);
    }

    /** This stack with attention scores that know positions; null for none. */
    public TransformerConfig withScorePosition(ScorePosition position) {
        return new TransformerConfig(dim, layers, finalNorm, position);
    }

    /** This stack with other layers. */
    public TransformerConfig withLayers(List<LayerConfig> others) {
        return new TransformerConfig(dim, others, finalNorm, scorePosition);
    }

    /** The number of layers (L). */
    public int numLayers() {
        return layers.size();
    }
}
