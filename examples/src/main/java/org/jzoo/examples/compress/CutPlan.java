package org.jzoo.examples.compress;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.training.compression.pruning.LayerCut;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;

/**
 * What stays of several stacks within one budget: of each at least its best layer with one head and
 * one group of channels, then, again and again, the head, the group of channels or the layer with
 * the greatest importance for its weights.
 *
 * <p>Derivatives add up over tokens and over the examples that share an image, so that those of one
 * stack say nothing beside those of another. A head therefore counts as its share of all heads of
 * its stack, a channel likewise, times the weights of the stack: stacks keep about as many of their
 * weights as each other, more where importance is spread over many parts.
 */
final class CutPlan {

    private static final int CHANNEL_STEP = 32; // what one scale of packed weights spans

    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, StackImportance> importances;

    /** What may be taken next, and what it is worth for each of its weights. */
    private record Step(Layer layer, int heads, int channels, long weights, double worth) {}

    /** A layer's heads and channels from the best on, and how many of them stay. */
    private static final class Layer {

        private final String stack;
        private final int number;
        private final double[] heads;
        private final double[] channels;
        private final int group;
        private final long base;
        private final long head;
        private final long channel;
        private int keptHeads;
        private int keptChannels;

        Layer(
                String path,
                int layer,
                StackImportance importance,
                Map<String, Parameter> parameters) {
            stack = path;
            number = layer;
            long all =
                    parameters.values().stream()
                            .mapToLong(p -> p.getArray().getShape().size())
                            .sum();
            heads = descending(importance.heads()[layer], sum(importance.heads()), all);
            channels = descending(importance.channels()[layer], sum(importance.channels()), all);
            group = channels.length % CHANNEL_STEP == 0 ? CHANNEL_STEP : 1;
            String prefix = "layers." + layer + ".";
            long whole = 0;
            long inHeads = 0;
            long inChannels = 0;
            for (Map.Entry<String, Parameter> each : parameters.entrySet()) {
                if (each.getKey().startsWith(prefix)) {
                    long size = each.getValue().getArray().getShape().size();
                    String rest = each.getKey().substring(prefix.length());
                    whole += size;
                    inHeads += rest.matches(HEADS) ? size : 0;
                    inChannels += rest.matches(CHANNELS) ? size : 0;
                }
            }
            head = inHeads / heads.length;
            channel = inChannels / channels.length;
            base = whole - inHeads - inChannels;
        }

        private static final String HEADS =
                "mixer\\.((query|key|value|forget)\\..*|output\\.weight)";
        private static final String CHANNELS = "feedForward\\.((up|gate)\\..*|down\\.weight)";

        private static double[] descending(double[] importance, double sum, long weights) {
            double[] sorted =
                    Arrays.stream(importance).map(v -> sum == 0 ? 0 : weights * v / sum).toArray();
            Arrays.sort(sorted);
            return IntStream.range(0, sorted.length)
                    .mapToDouble(i -> sorted[sorted.length - 1 - i])
                    .toArray();
        }

        boolean isKept() {
            return keptHeads > 0;
        }

        List<Step> steps() {
            if (!isKept()) {
                return List.of(step(1, group, base));
            }
            List<Step> steps = new ArrayList<>();
            if (keptHeads < heads.length) {
                steps.add(step(1, 0, 0));
            }
            if (keptChannels < channels.length) {
                steps.add(step(0, group, 0));
            }
            return steps;
        }

        private Step step(int moreHeads, int moreChannels, long fixed) {
            double value = 0;
            for (int h = 0; h < moreHeads; h++) {
                value += heads[keptHeads + h];
            }
            for (int c = 0; c < moreChannels; c++) {
                value += channels[keptChannels + c];
            }
            long weights = fixed + moreHeads * head + moreChannels * channel;
            return new Step(this, moreHeads, moreChannels, weights, value / weights);
        }
    }

    private CutPlan(Map<String, Transformer> stacks, Map<String, StackImportance> importances) {
        this.importances = importances;
        for (Map.Entry<String, Transformer> each : stacks.entrySet()) {
            StackImportance importance = importances.get(each.getKey());
            Map<String, Parameter> parameters = ParameterPaths.of(each.getValue());
            for (int l = 0; l < importance.numLayers(); l++) {
                layers.add(new Layer(each.getKey(), l, importance, parameters));
            }
        }
    }

    private static double sum(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).sum();
    }

    /**
     * Plans.
     *
     * @param stacks with weights, by path
     * @param importances of the same stacks, measured together
     * @param fixed weights outside the layers, which stay
     * @param budget weights in all
     * @throws IllegalArgumentException if not even the least of each stack fits; the message says
     *     what does
     */
    static Map<String, StackCut> within(
            Map<String, Transformer> stacks,
            Map<String, StackImportance> importances,
            long fixed,
            long budget) {
        return new CutPlan(stacks, importances).fill(fixed, budget);
    }

    private Map<String, StackCut> fill(long fixed, long budget) {
        long used = fixed;
        for (String stack : importances.keySet()) {
            Step least =
                    layers.stream()
                            .filter(layer -> layer.stack.equals(stack))
                            .flatMap(layer -> layer.steps().stream())
                            .max(Comparator.comparingDouble(Step::worth))
                            .orElseThrow();
            used += take(least);
        }
        if (used > budget) {
            throw new BudgetException(
                    used,
                    "for one head and some channels of one layer of "
                            + String.join(", ", importances.keySet()),
                    budget);
        }
        Step next = best(budget - used);
        while (next != null) {
            used += take(next);
            next = best(budget - used);
        }
        return cuts();
    }

    private Step best(long room) {
        return layers.stream()
                .flatMap(layer -> layer.steps().stream())
                .filter(step -> step.weights() <= room)
                .max(Comparator.comparingDouble(Step::worth))
                .orElse(null);
    }

    private static long take(Step step) {
        step.layer().keptHeads += step.heads();
        step.layer().keptChannels += step.channels();
        return step.weights();
    }

    private Map<String, StackCut> cuts() {
        Map<String, StackCut> cuts = new LinkedHashMap<>();
        importances.forEach(
                (stack, importance) ->
                        cuts.put(
                                stack,
                                new StackCut(
                                        layers.stream()
                                                .filter(l -> l.stack.equals(stack) && l.isKept())
                                                .map(l -> cut(l, importance))
                                                .toList())));
        return cuts;
    }

    private static LayerCut cut(Layer layer, StackImportance importance) {
        return LayerCut.best(layer.number, importance, layer.keptHeads, layer.keptChannels);
    }
}
