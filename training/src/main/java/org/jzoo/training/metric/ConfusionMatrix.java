package org.jzoo.training.metric;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Counts of every (expected, predicted) pair of classes, and the figures that follow from them.
 *
 * <p>Row = expected class, column = predicted class. All class metrics are read from this table, so
 * they agree with each other and with the picture of it.
 */
public final class ConfusionMatrix {

    private final List<String> labels;
    private final long[][] counts; // (expected, predicted)
    private long total;

    /**
     * Creates an empty matrix.
     *
     * @param labels the class names in the order of their indices; at least one, all different
     */
    public ConfusionMatrix(List<String> labels) {
        this.labels = List.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("labels must not be empty, got labels=[]");
        }
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException(
                    "labels must be different from each other, got labels=" + labels);
        }
        counts = new long[labels.size()][labels.size()];
    }

    /** Adds one batch of class indices; see {@link ClassMetric#add}. */
    public void add(int[] predicted, int[] expected) {
        if (predicted.length != expected.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "predicted must be as long as expected, got predicted=%d, expected=%d",
                            predicted.length,
                            expected.length));
        }
        checkIndices("predicted", predicted);
        checkIndices("expected", expected);
        for (int i = 0; i < predicted.length; i++) {
            counts[expected[i]][predicted[i]]++;
        }
        total += predicted.length;
    }

    private void checkIndices(String name, int[] indices) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= labels.size()) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s must be in 0..%d, got %s[%d]=%d",
                                name,
                                labels.size() - 1,
                                name,
                                i,
                                indices[i]));
            }
        }
    }

    /** Sets every count to zero. */
    public void reset() {
        for (long[] row : counts) {
            Arrays.fill(row, 0);
        }
        total = 0;
    }

    /** The class names in the order of their indices. */
    public List<String> labels() {
        return labels;
    }

    /** The number of classes C. */
    public int numClasses() {
        return labels.size();
    }

    /**
     * The index of a class name.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    public int indexOf(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "label must be one of " + labels + ", got label=" + label);
        }
        return index;
    }

    /** How often class {@code expected} was predicted as class {@code predicted}. */
    public long count(int expected, int predicted) {
        return counts[expected][predicted];
    }

    /** A copy of all counts, {@code [expected][predicted]}. */
    public long[][] counts() {
        return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    }

    /** The number of examples added. */
    public long total() {
        return total;
    }

    /** How many examples have the class {@code index} as the expected one. */
    public long expectedCount(int index) {
        return Arrays.stream(counts[index]).sum();
    }

    /** How many examples were predicted as class {@code index}. */
    public long predictedCount(int index) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[index];
        }
        return sum;
    }

    /** The hits and errors of class {@code index} against all others. */
    public HitCounts hits(int index) {
        long hits = counts[index][index];
        return new HitCounts(hits, predictedCount(index) - hits, expectedCount(index) - hits);
    }

    /** The fraction of examples on the diagonal, 0 … 1; {@code NaN} if empty. */
    public double accuracy() {
        long hits = 0;
        for (int c = 0; c < counts.length; c++) {
            hits += counts[c][c];
        }
        return total == 0 ? Double.NaN : (double) hits / total;
    }

    /**
     * Matthews correlation, −1 … 1: {@code (n·h − Σ p_c e_c) / sqrt((n² − Σ p_c²)(n² − Σ e_c²))}
     * with n examples, h hits, p_c and e_c the predicted and expected counts of class c. For two
     * classes this is {@code (TP·TN − FP·FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN))}.
     *
     * <p>0 if all predictions or all expected classes are the same; {@code NaN} if empty.
     *
     * @see <a href="https://doi.org/10.1016/j.compbiolchem.2004.09.006">Gorodkin 2004, Comparing
     *     two K-category assignments by a K-category correlation coefficient</a>
     */
    public double matthewsCorrelation() {
        if (total == 0) {
            return Double.NaN;
        }
        double n = total;
        double hits = 0;
        double products = 0;
        double predictedSquares = 0;
        double expectedSquares = 0;
        for (int c = 0; c < counts.length; c++) {
            double p = predictedCount(c);
            double e = expectedCount(c);
            hits += counts[c][c];
            products += p * e;
            predictedSquares += p * p;
            expectedSquares += e * e;
        }
        double spread = (n * n - predictedSquares) * (n * n - expectedSquares);
        return spread <= 0 ? 0 : (n * hits - products) / Math.sqrt(spread);
    }
}
