package org.jzoo.training.compression.quantization;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The clusters of numbers with the least {@code Σ weight · (number - mean of its cluster)²}:
 * exactly, by dynamic programming, up to {@value #EXACT} clusters; beyond, by k-means from
 * quantiles.
 *
 * @see <a href="https://doi.org/10.32614/RJ-2011-015">Wang and Song 2011, Ckmeans.1d.dp</a>
 */
final class LineClusters {

    private static final int EXACT = 32;
    private static final int ROUNDS = 30;

    private final double[] centres;
    private final int[] codes;

    private LineClusters(double[] centres, int[] codes) {
        this.centres = centres;
        this.codes = codes;
    }

    /** The centres, ascending; the last is repeated where numbers are fewer than clusters. */
    double[] centres() {
        return centres;
    }

    /** The cluster of each number. */
    int[] codes() {
        return codes;
    }

    /**
     * Clusters.
     *
     * @param numbers at least one
     * @param weights not negative, as many; if all are 0, all count alike
     * @param count clusters, at least 1
     */
    static LineClusters of(double[] numbers, double[] weights, int count) {
        int n = numbers.length;
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> numbers[i]));
        double total = Arrays.stream(weights).sum();
        // Numbers without a weight still need a cluster: a trace of one decides.
        double trace = total > 0 ? total / n * 1e-9 : 1;
        Sums sums = new Sums(n);
        for (int i = 0; i < n; i++) {
            sums.add(i, numbers[order[i]], weights[order[i]] + trace);
        }
        int k = Math.min(count, n);
        int[] starts = k <= EXACT ? exact(sums, k) : rounds(sums, k);
        double[] centres = new double[count];
        int[] codes = new int[n];
        for (int c = 0; c < k; c++) {
            int end = c + 1 < k ? starts[c + 1] : n;
            centres[c] = end > starts[c] ? sums.mean(starts[c], end) : centres[Math.max(0, c - 1)];
            for (int i = starts[c]; i < end; i++) {
                codes[order[i]] = c;
            }
        }
        Arrays.fill(centres, k, count, centres[k - 1]);
        return new LineClusters(centres, codes);
    }

    /** Sums over prefixes of the sorted numbers. */
    private static final class Sums {

        private final double[] sorted;
        private final double[] weight;
        private final double[] first;
        private final double[] second;

        Sums(int n) {
            sorted = new double[n];
            weight = new double[n + 1];
            first = new double[n + 1];
            second = new double[n + 1];
        }

        void add(int i, double x, double w) {
            sorted[i] = x;
            weight[i + 1] = weight[i] + w;
            first[i + 1] = first[i] + w * x;
            second[i + 1] = second[i] + w * x * x;
        }

        double mean(int from, int to) {
            return (first[to] - first[from]) / (weight[to] - weight[from]);
        }

        double cost(int from, int to) {
            double f = first[to] - first[from];
            double w = weight[to] - weight[from];
            return second[to] - second[from] - f * f / w;
        }
    }

    // best[i]: the least cost of the first i numbers in so many clusters. Where the last one starts
    // never falls with i, so that each row takes n log n steps.
    private static int[] exact(Sums sums, int k) {
        int n = sums.sorted.length;
        double[] best = new double[n + 1];
        for (int i = 1; i <= n; i++) {
            best[i] = sums.cost(0, i);
        }
        int[][] start = new int[k][n + 1];
        for (int c = 1; c < k; c++) {
            double[] next = new double[n + 1];
            fill(sums, best, next, start[c], c + 1, n, c, n - 1);
            best = next;
        }
        int[] starts = new int[k];
        int end = n;
        for (int c = k - 1; c > 0; c--) {
            starts[c] = start[c][end];
            end = starts[c];
        }
        return starts;
    }

    private static void fill(
            Sums sums,
            double[] best,
            double[] next,
            int[] start,
            int lo,
            int hi,
            int from,
            int to) {
        if (lo > hi) {
            return;
        }
        int middle = (lo + hi) >>> 1;
        double least = Double.POSITIVE_INFINITY;
        int where = from;
        for (int j = from; j <= Math.min(to, middle - 1); j++) {
            double cost = best[j] + sums.cost(j, middle);
            if (cost < least) {
                least = cost;
                where = j;
            }
        }
        next[middle] = least;
        start[middle] = where;
        fill(sums, best, next, start, lo, middle - 1, from, where);
        fill(sums, best, next, start, middle + 1, hi, where, to);
    }

    private static int[] rounds(Sums sums, int k) {
        int n = sums.sorted.length;
        int[] starts = IntStream.range(0, k).map(c -> (int) ((long) c * n / k)).toArray();
        for (int round = 0; round < ROUNDS; round++) {
            double[] centres = new double[k];
            for (int c = 0; c < k; c++) {
                int end = c + 1 < k ? starts[c + 1] : n;
                centres[c] =
                        end > starts[c]
                                ? sums.mean(starts[c], end)
                                : sums.sorted[Math.min(starts[c], n - 1)];
            }
            int[] moved = new int[k];
            int i = 0;
            for (int c = 1; c < k; c++) {
                double border = (centres[c - 1] + centres[c]) / 2;
                while (i < n && sums.sorted[i] < border) {
                    i++;
                }
                moved[c] = i;
            }
            if (Arrays.equals(moved, starts)) {
                break;
            }
            starts = moved;
        }
        return starts;
    }
}
