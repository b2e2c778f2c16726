package org.jzoo.training.report;

import java.util.Arrays;
import java.util.Locale;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.TextTable.Align;

/** A confusion matrix as text for the terminal. */
public final class ConfusionTable {

    private ConfusionTable() {}

    /**
     * One row for each expected class with the counts of the predicted ones and the recall, then a
     * row of precisions that ends with the accuracy:
     *
     * <pre>
     * expected \ predicted    ham   spam  recall
     * ham                     980      4   99.6%
     * spam                      3    213   98.6%
     * precision             99.7%  98.2%   99.4%
     * </pre>
     *
     * <p>Ratios without examples show as {@code -}.
     */
    public static String format(ConfusionMatrix matrix) {
        int numClasses = matrix.numClasses();
        Align[] columns = new Align[numClasses + 2];
        Arrays.fill(columns, Align.RIGHT);
        columns[0] = Align.LEFT;
        TextTable table = new TextTable(columns);

        String[] cells = new String[numClasses + 2];
        cells[0] = "expected \\ predicted";
        for (int c = 0; c < numClasses; c++) {
            cells[c + 1] = matrix.labels().get(c);
        }
        cells[numClasses + 1] = "recall";
        table.row(cells);
        for (int e = 0; e < numClasses; e++) {
            cells[0] = matrix.labels().get(e);
            for (int p = 0; p < numClasses; p++) {
                cells[p + 1] = Long.toString(matrix.count(e, p));
            }
            cells[numClasses + 1] = percent(matrix.count(e, e), matrix.expectedCount(e));
            table.row(cells);
        }
        cells[0] = "precision";
        long hits = 0;
        for (int p = 0; p < numClasses; p++) {
            cells[p + 1] = percent(matrix.count(p, p), matrix.predictedCount(p));
            hits += matrix.count(p, p);
        }
        cells[numClasses + 1] = percent(hits, matrix.total());
        return table.row(cells).toString();
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
    }
}
