package org.jzoo.examples.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.compression.pruning.StackPruning;
import org.jzoo.zoo.registry.LoadedModel;

/** What is shown of stacks: what stays of them, and how important their heads are. */
final class StackLines {

    private StackLines() {}

    static List<String> of(LoadedModel model, Map<String, StackImportance> whole) {
        List<String> lines = new ArrayList<>();
        ModelStacks.of(model)
                .forEach(
                        (path, stack) ->
                                lines.add(
                                        "%s: %d of %d layers, %d heads, %d channels"
                                                .formatted(
                                                        name(path),
                                                        stack.numLayers(),
                                                        whole.get(path).numLayers(),
                                                        stack.layers().stream()
                                                                .mapToInt(StackPruning::heads)
                                                                .sum(),
                                                        stack.layers().stream()
                                                                .mapToInt(StackPruning::channels)
                                                                .sum())));
        return lines;
    }

    private static String name(String path) {
        return path.substring(0, Math.max(0, path.indexOf('.')));
    }

    static List<String> layerNames(Map<String, StackImportance> importance) {
        List<String> names = new ArrayList<>();
        importance.forEach(
                (path, stack) ->
                        Compression.numbers(stack.numLayers())
                                .forEach(
                                        number ->
                                                names.add(
                                                        importance.size() == 1
                                                                ? number
                                                                : name(path) + " " + number)));
        return names;
    }

    static double[][] headShares(Map<String, StackImportance> importance) {
        int most =
                importance.values().stream()
                        .flatMap(stack -> Arrays.stream(stack.heads()))
                        .mapToInt(heads -> heads.length)
                        .max()
                        .orElse(0);
        return importance.values().stream()
                .flatMap(stack -> Arrays.stream(stack.heads()))
                .map(heads -> Arrays.copyOf(shares(heads), most))
                .toArray(double[][]::new);
    }

    private static double[] shares(double[] heads) {
        double most = Arrays.stream(heads).max().orElse(1);
        return Arrays.stream(heads).map(head -> most == 0 ? 0 : head / most).toArray();
    }
}
