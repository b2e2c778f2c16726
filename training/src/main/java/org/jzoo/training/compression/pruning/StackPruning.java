package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * Cuts a stack down: the configuration of what stays, and its weights. The parts are really gone;
 * what stays is an ordinary stack with smaller tensors.
 *
 * @see <a href="https://arxiv.org/abs/1905.10650">Michel et al. 2019, Are Sixteen Heads Really
 *     Better than One?</a>
 */
public final class StackPruning {

    private final TransformerConfig whole;
    private final StackCut cut;

    /**
     * Prepares to cut.
     *
     * @param whole of multi-head attention and of dense or gated feed-forwards
     * @param cut what stays of it
     * @throws IllegalArgumentException if a layer, head or channel is not there, key heads are
     *     shared, or a layer is made of other parts
     */
    public StackPruning(TransformerConfig whole, StackCut cut) {
        this.whole = whole;
        this.cut = cut;
        if (whole.scorePosition() != null) {
            throw new IllegalArgumentException(
                    "scorePosition must be null to leave out heads, got " + whole.scorePosition());
        }
        for (LayerCut layer : cut.layers()) {
            check("layer", layer.layer(), whole.numLayers());
            LayerConfig config = whole.layers().get(layer.layer());
            check("head", last(layer.heads()), attention(config).numHeads());
            check("channel", last(layer.channels()), width(config.feedForward()));
        }
    }

    private static int last(List<Integer> numbers) {
        return numbers.get(numbers.size() - 1);
    }

    private static void check(String name, int number, int count) {
        if (number >= count) {
            throw new IllegalArgumentException(
                    "%s must be below %d, got %s=%d".formatted(name, count, name, number));
        }
    }

    /**
     * The heads of a layer's attention.
     *
     * @throws IllegalArgumentException if they cannot be left out one by one
     */
    public static int heads(LayerConfig layer) {
        return attention(layer).numHeads();
    }

    /**
     * The channels of a layer's feed-forward.
     *
     * @throws IllegalArgumentException if it is neither dense nor gated
     */
    public static int channels(LayerConfig layer) {
        return width(layer.feedForward());
    }

    /** A layer's attention, if its heads can be left out one by one. */
    static SelfAttentionOption attention(LayerConfig layer) {
        if (layer.mixer() instanceof SelfAttentionOption attention
                && attention.numKeyHeads() == attention.numHeads()) {
            return attention;
        }
        throw new IllegalArgumentException(
                "mixer must be attention with as many key heads as heads to be pruned, got mixer="
                        + layer.mixer());
    }

    /** The channels of a feed-forward. */
    static int width(FeedForwardOption feedForward) {
        if (feedForward instanceof DenseFeedForwardOption dense) {
            return dense.width();
        }
        if (feedForward instanceof GatedFeedForwardOption gated) {
            return gated.width();
        }
        throw new IllegalArgumentException(
                "feedForward must be dense or gated to be pruned, got feedForward=" + feedForward);
    }

    /** What the smaller stack is made of. */
    public TransformerConfig config() {
        List<LayerConfig> layers = new ArrayList<>();
        for (LayerCut kept : cut.layers()) {
            LayerConfig layer = whole.layers().get(kept.layer());
            layers.add(
                    new LayerConfig(
                            attention(layer).withHeads(kept.heads().size(), kept.heads().size()),
                            narrowed(layer.feedForward(), kept.channels().size()),
                            layer.norm(),
                            layer.placement(),
                            layer.dropout()));
        }
        return whole.withLayers(layers);
    }

    private static FeedForwardOption narrowed(FeedForwardOption feedForward, int width) {
        if (feedForward instanceof GatedFeedForwardOption gated) {
            return new GatedFeedForwardOption(
                    width, gated.activation(), gated.bias(), gated.dropout());
        }
        DenseFeedForwardOption dense = (DenseFeedForwardOption) feedForward;
        return new DenseFeedForwardOption(width, dense.activation(), dense.bias(), dense.dropout());
    }

    /**
     * Copies the weights that stay.
     *
     * @param from the whole stack
     * @param to a stack built from {@link #config()}, with weights, which are overwritten
     */
    public void copy(Transformer from, Transformer to) {
        Map<String, Parameter> sources = ParameterPaths.of(from);
        try (GradientMode off = GradientMode.off();
                NDManager manager =
                        sources.values()
                                .iterator()
                                .next()
                                .getArray()
                                .getManager()
                                .newSubManager()) {
            ParameterPaths.of(to)
                    .forEach((path, target) -> copy(path, target.getArray(), sources, manager));
        }
    }

    private void copy(
            String path, NDArray target, Map<String, Parameter> sources, NDManager manager) {
        if (!path.startsWith("layers.")) {
            copy(sources.get(path).getArray(), target, null, null, manager);
            return;
        }
        String[] parts = path.split("\\.", 3); // layers, number, the rest
        LayerCut kept = cut.layers().get(Integer.parseInt(parts[1]));
        String rest = parts[2];
        NDArray source = sources.get("layers." + kept.layer() + "." + rest).getArray();
        int size = attention(whole.layers().get(kept.layer())).headSize();
        switch (rest.substring(0, rest.lastIndexOf('.'))) {
            case "mixer.query", "mixer.key", "mixer.value" ->
                    copy(source, target, kept.headRows(size), null, manager);
            case "mixer.forget" -> copy(source, target, kept.headRows(1), null, manager);
            case "feedForward.up", "feedForward.gate" ->
                    copy(source, target, kept.channelRows(), null, manager);
            case "mixer.output" -> copyColumns(source, target, kept.headRows(size), manager);
            case "feedForward.down" -> copyColumns(source, target, kept.channelRows(), manager);
            default -> copy(source, target, null, null, manager);
        }
    }

    // The bias of a map from what was left out stays whole.
    private static void copyColumns(
            NDArray source, NDArray target, long[] columns, NDManager manager) {
        boolean matrix = source.getShape().dimension() == 2;
        copy(source, target, null, matrix ? columns : null, manager);
    }

    private static void copy(
            NDArray source, NDArray target, long[] rows, long[] columns, NDManager manager) {
        NDArray selected =
                ImportanceKernel.select(
                        source,
                        rows == null ? null : manager.create(rows),
                        columns == null ? null : manager.create(columns));
        selected.attach(manager);
        OptimizerKernel.copy(new NDArray[] {selected}, new NDArray[] {target});
    }
}
