package org.jzoo.examples.compress;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.training.compression.pruning.StackImportance;

/**
 * Importances as shares of the greatest, for pictures: a row for each layer or stack, 0 where
 * others have more parts.
 *
 * @param importance by stack
 */
public record ImportanceShares(Map<String, StackImportance> importance) {

    /** How many groups of channels there are in a row. */
    public static final int TENTHS = 10;

    /** Keeps the stacks' order. */
    public ImportanceShares {
        importance = new LinkedHashMap<>(importance);
    }

    /** Of each layer's heads. */
    public double[][] heads() {
        return shares(
                importance.values().stream()
                        .flatMap(stack -> Arrays.stream(stack.heads()))
                        .toList());
    }

    /** Of each layer's channels the means of tenths, the most important tenth first. */
    public double[][] channels() {
        return shares(
                importance.values().stream()
                        .flatMap(stack -> Arrays.stream(stack.channels()))
                        .map(ImportanceShares::tenths)
                        .toList());
    }

    /** Of each stack's layers. */
    public double[][] layers() {
        return shares(importance.values().stream().map(StackImportance::layers).toList());
    }

    /** The stacks' names. */
    public List<String> stackNames() {
        return importance.keySet().stream().map(StackLines::name).toList();
    }

    // 0 where there is less than one channel for each.
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

    private static double[][] shares(List<double[]> rows) {
        int most = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        return rows.stream().map(row -> Arrays.copyOf(shares(row), most)).toArray(double[][]::new);
    }

    private static double[] shares(double[] parts) {
        double most = Arrays.stream(parts).max().orElse(1);
        return Arrays.stream(parts).map(part -> most == 0 ? 0 : part / most).toArray();
    }
}
