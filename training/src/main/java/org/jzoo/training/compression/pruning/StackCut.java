package org.jzoo.training.compression.pruning;

import java.util.ArrayList;
import java.util.List;

/**
 * What stays of a stack of layers.
 *
 * @param layers those that stay, in their order, at least one
 */
public record StackCut(List<LayerCut> layers) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if nothing stays, or layers are out of order
     */
    public StackCut {
        layers = List.copyOf(layers);
        int before = -1;
        for (LayerCut cut : layers) {
            if (cut.layer() <= before) {
                throw new IllegalArgumentException(
                        "layers must be ascending, got layer=%d after %d"
                                .formatted(cut.layer(), before));
            }
            before = cut.layer();
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers must hold at least one, got none");
        }
    }

    /**
     * Keeps the most important layers, and of each as many of its most important heads and
     * channels.
     *
     * @param numLayers layers that stay, in [1, L]
     * @param numHeads heads of each that stay, in [1, H]
     * @param numChannels channels of each that stay, in [1, F]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static StackCut best(
            StackImportance importance, int numLayers, int numHeads, int numChannels) {
        check("numLayers", numLayers, importance.numLayers());
        List<LayerCut> kept = new ArrayList<>();
        for (int layer : LayerCut.best(importance.layers(), numLayers)) {
            kept.add(LayerCut.best(layer, importance, numHeads, numChannels));
        }
        return new StackCut(kept);
    }

    static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "%s must be in [1, %d], got %s=%d".formatted(name, most, name, value));
        }
    }
}
