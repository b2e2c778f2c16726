package org.jzoo.blocks.feedforward.experts;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.part.ForwardContext;

/**
 * What the routers of one stack saw in one pass, so that the last of them leaves a loss over all.
 *
 * <p>With activation checkpoints each layer runs twice: first all without recording, then each
 * again, recording. Then the others' statistics of the first time stand beside its own, and the
 * gradients of all second runs add up to the loss's.
 */
final class StackStatistics {

    /**
     * One layer's statistics.
     *
     * @param shares of each group's tokens that chose each expert, (G, E)
     * @param importance mean probability in each group, (G, E)
     * @param z mean of {@code logsumexp²}, a scalar
     */
    record Layer(NDArray shares, NDArray importance, NDArray z) {}

    private final Map<String, Layer> layers = new LinkedHashMap<>();

    /** The statistics of the stack of {@code numExperts} experts at the context's scope. */
    static StackStatistics of(ForwardContext context, int numExperts) {
        return context.note(
                stackOf(context) + numExperts + " experts",
                StackStatistics.class,
                StackStatistics::new);
    }

    /**
     * The scope of the stack to which the context's scope, such as "encoder.layers.3.", belongs.
     */
    static String stackOf(ForwardContext context) {
        return context.scope().substring(0, Math.max(0, context.scope().lastIndexOf("layers.")));
    }

    /** Adds a layer and returns all layers so far, this one with its gradient's path. */
    List<Layer> with(ForwardContext context, Layer layer) {
        Map<String, Layer> all = new LinkedHashMap<>(layers);
        all.put(context.scope(), layer);
        if (context.checkpoints() == null || !layers.containsKey(context.scope())) {
            layers.put(
                    context.scope(),
                    new Layer(
                            context.keep(layer.shares()),
                            context.keep(layer.importance()),
                            context.keep(layer.z())));
        }
        return new ArrayList<>(all.values());
    }
}
