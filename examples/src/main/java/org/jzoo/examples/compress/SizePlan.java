package org.jzoo.examples.compress;

import java.util.ArrayList;
import java.util.List;
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
     * @throws BudgetException if not even one head and 16 channels of one layer fit; the message
     *     says what does
     */
    public static SizePlan within(EncoderConfig encoder, long fixed, long budget) {
        Shape shape = Shape.of(encoder);
        long whole = shape.weights(shape.heads(), shape.channels());
        long room = budget - fixed;
        int most = (int) Math.min(shape.layers(), Math.floor(room / (LEAST_DENSITY * whole)));
        for (int layers = Math.max(1, most); layers >= 1; layers--) {
            SizePlan plan = shape.fitting(layers, room / layers, layers == 1);
            if (plan != null) {
                return plan;
            }
        }
        throw tooLittle(fixed + shape.weights(1, CHANNEL_STEP), "of one layer", budget);
    }

    /**
     * Plans so that all layers stay: heads and channels go, of both the same share.
     *
     * @param encoder of equal layers with multi-head attention and dense feed-forwards
     * @param budget weights of all layers together
     * @throws BudgetException if not even one head and 16 channels of each layer fit
     */
    public static SizePlan ofAllLayers(EncoderConfig encoder, long budget) {
        Shape shape = Shape.of(encoder);
        SizePlan plan = shape.fitting(shape.layers(), budget / shape.layers(), true);
        if (plan == null) {
            throw tooLittle(
                    shape.layers() * shape.weights(1, CHANNEL_STEP), "of each layer", budget);
        }
        return plan;
    }

    /** What an encoder of equal layers has. */
    public static SizePlan of(EncoderConfig encoder) {
        Shape shape = Shape.of(encoder);
        return new SizePlan(shape.layers(), shape.heads(), shape.channels());
    }

    /**
     * The sizes after each of several cuts, of which every one leaves about the same share.
     *
     * @param end after the last cut; no number may be above this one's
     * @param cuts at least 1
     */
    public List<SizePlan> towards(SizePlan end, int cuts) {
        if (cuts < 1) {
            throw new IllegalArgumentException("cuts must be >= 1, got cuts=" + cuts);
        }
        List<SizePlan> plans = new ArrayList<>();
        for (int i = 1; i < cuts; i++) {
            double way = i / (double) cuts;
            plans.add(
                    new SizePlan(
                            between(layers, end.layers, 1, way),
                            between(heads, end.heads, 1, way),
                            between(channels, end.channels, CHANNEL_STEP, way)));
        }
        plans.add(end);
        return plans;
    }

    // A geometric mean in whole steps.
    private static int between(int from, int to, int step, double way) {
        long steps = Math.round(from * Math.pow(to / (double) from, way) / step);
        return (int) Math.max(to, Math.min(from, steps * step));
    }

    private static BudgetException tooLittle(long least, String where, long budget) {
        return new BudgetException(
                least, "for one head and %d channels %s".formatted(CHANNEL_STEP, where), budget);
    }

    /** The numbers of a stack of equal layers. */
    private record Shape(int layers, int dim, int headSize, int heads, int channels) {

        static Shape of(EncoderConfig encoder) {
            TransformerConfig stack = encoder.stack();
            LayerConfig layer = stack.layers().get(0);
            if (!(layer.mixer() instanceof SelfAttentionOption attention)
                    || !(layer.feedForward() instanceof DenseFeedForwardOption dense)) {
                throw new IllegalArgumentException(
                        "layers must have multi-head attention and dense feed-forwards, got "
                                + layer);
            }
            return new Shape(
                    stack.numLayers(),
                    stack.dim(),
                    attention.headSize(),
                    attention.numHeads(),
                    dense.width());
        }

        /**
         * The most heads of which the same share of channels fits, with as many channels more as
         * there is room for; null if none.
         *
         * @param each weights of a layer
         * @param least whether one head may stand beside 16 channels
         */
        SizePlan fitting(int numLayers, long each, boolean least) {
            for (int h = heads; h >= 1; h--) {
                int wanted =
                        Math.max(1, (int) Math.round(h / (double) heads * channels / CHANNEL_STEP));
                int fit = Math.min(channels, (least && h == 1 ? 1 : wanted) * CHANNEL_STEP);
                if (weights(h, fit) <= each) {
                    while (fit + CHANNEL_STEP <= channels
                            && weights(h, fit + CHANNEL_STEP) <= each) {
                        fit += CHANNEL_STEP;
                    }
                    return new SizePlan(numLayers, h, fit);
                }
            }
            return null;
        }

        // Two norms and the biases of the output maps stay whatever goes.
        long weights(int numHeads, int numChannels) {
            long inner = (long) numHeads * headSize;
            return 4L * dim * inner
                    + 3 * inner
                    + dim
                    + (2L * dim + 1) * numChannels
                    + dim
                    + 4L * dim;
        }
    }
}
