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

    private static final int TENTHS = 10;

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

    static String name(String path) {
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
        return shares(
                importance.values().stream()
                        .flatMap(stack -> Arrays.stream(stack.heads()))
                        .toList());
    }

    static double[][] layerShares(Map<String, StackImportance> importance) {
        return shares(importance.values().stream().map(StackImportance::layers).toList());
    }

    static double[][] channelShares(Map<String, StackImportance> importance) {
        return shares(
                importance.values().stream()
                        .flatMap(stack -> Arrays.stream(stack.channels()))
                        .map(StackLines::tenths)
                        .toList());
    }

    // Means of tenths, the greatest first; 0 where there is less than one channel for each.
    private static double[] tenths(double[] channels) {
        double[] sorted = Arrays.stream(channels).sorted().toArray();
        double[] means = new double[TENTHS];
        for (int t = 0; t < TENTHS; t++) {
            int from = sorted.length - (t + 1) * sorted.length / TENTHS;
            int to = sorted.length - t * sorted.length / TENTHS;
            means[t] = Arrays.stream(sorted, from, to).average().orElse(0);
        }
        return means;
    }

    // Each row over its greatest, all rows of equal lengths.
    private static double[][] shares(List<double[]> rows) {
        int most = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        return rows.stream().map(row -> Arrays.copyOf(shares(row), most)).toArray(double[][]::new);
    }

    private static double[] shares(double[] parts) {
        double most = Arrays.stream(parts).max().orElse(1);
        return Arrays.stream(parts).map(part -> most == 0 ? 0 : part / most).toArray();
    }
}
