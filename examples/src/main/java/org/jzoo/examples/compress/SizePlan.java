package org.jzoo.examples.compress;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;

/**
 * How many layers, heads and channels fit into a budget of weights. Whole layers go first, as long
 * as those that stay can then keep about half of their heads and channels; of both the same share
 * stays, and what is left over goes to channels.
 *
 * @param layers that stay
 * @param heads of each that stay
 * @param channels of each that stay
 */
public record SizePlan(int layers, int heads, int channels) {

    private static final double LEAST_DENSITY = 0.5;
    private static final int CHANNEL_STEP = 16; // what matrix units take at a time

    /**
     * Plans.
     *
     * @param encoder of equal layers with multi-head attention and dense feed-forwards
     * @param fixed weights outside the layers: token table, positions, head
     * @param budget weights in all
     * @throws IllegalArgumentException if not even one head and 16 channels of one layer fit; the
     *     message says what does
     */
    public static SizePlan within(EncoderConfig encoder, long fixed, long budget) {
        TransformerConfig stack = encoder.stack();
        LayerConfig layer = stack.layers().get(0);
        if (!(layer.mixer() instanceof SelfAttentionOption attention)
                || !(layer.feedForward() instanceof DenseFeedForwardOption dense)) {
            throw new IllegalArgumentException(
                    "layers must have multi-head attention and dense feed-forwards, got " + layer);
        }
        long whole = weights(stack.dim(), attention, attention.numHeads(), dense.width());
        long room = budget - fixed;
        int most = (int) Math.min(stack.numLayers(), Math.floor(room / (LEAST_DENSITY * whole)));
        for (int layers = Math.max(1, most); layers >= 1; layers--) {
            for (int heads = attention.numHeads(); heads >= 1; heads--) {
                boolean least = layers == 1 && heads == 1;
                int alike = channels(heads / (double) attention.numHeads(), dense.width());
                long each = room / layers;
                int channels = least ? Math.min(dense.width(), CHANNEL_STEP) : alike;
                if (weights(stack.dim(), attention, heads, channels) <= each) {
                    while (channels + CHANNEL_STEP <= dense.width()
                            && weights(stack.dim(), attention, heads, channels + CHANNEL_STEP)
                                    <= each) {
                        channels += CHANNEL_STEP;
                    }
                    return new SizePlan(layers, heads, channels);
                }
            }
        }
        throw new IllegalArgumentException(
                "budget must be >= %,d weights for one head and %d channels of one layer, got %,d"
                        .formatted(
                                fixed + weights(stack.dim(), attention, 1, CHANNEL_STEP),
                                CHANNEL_STEP,
                                budget));
    }

    private static int channels(double share, int width) {
        int steps = (int) Math.round(share * width / CHANNEL_STEP);
        return Math.min(width, Math.max(1, steps) * CHANNEL_STEP);
    }

    // Two norms and the biases of the output maps stay whatever goes.
    private static long weights(int dim, SelfAttentionOption attention, int heads, int channels) {
        long inner = (long) heads * attention.headSize();
        return 4L * dim * inner + 3 * inner + dim + (2L * dim + 1) * channels + dim + 4L * dim;
    }
}
