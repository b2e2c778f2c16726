package org.jzoo.training.compression.pruning;

/**
 * What the parts of a stack of layers contribute, each at least 0; only comparisons mean anything.
 *
 * @param heads (L, H) of each attention head
 * @param channels (L, F) of each channel inside the feed-forward
 * @param layers (L) of each layer's two branches together
 */
@SuppressWarnings("ArrayRecordComponent") // Figures: equality is never asked for.
public record StackImportance(double[][] heads, double[][] channels, double[] layers) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the numbers of layers differ or there are none
     */
    public StackImportance {
        if (layers.length == 0
                || heads.length != layers.length
                || channels.length != layers.length) {
            throw new IllegalArgumentException(
                    "heads, channels and layers must be of as many layers, at least one, got %d, %d and %d"
                            .formatted(heads.length, channels.length, layers.length));
        }
    }

    /** The number of layers (L). */
    public int numLayers() {
        return layers.length;
    }

    /** The same with other importances of channels, such as {@link ChannelVariance} gives. */
    public StackImportance withChannels(double[][] others) {
        return new StackImportance(heads, others, layers);
    }
}
