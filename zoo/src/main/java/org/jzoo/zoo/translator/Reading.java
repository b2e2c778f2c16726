package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jzoo.zoo.translator.Query.Tokenized;

/** Turns a head's output for a batch into one answer a query. */
@FunctionalInterface
interface Reading<O> {

    /**
     * Reads.
     *
     * @param queries the batch (B)
     * @param output what the head computed, (B, …) float32
     */
    List<O> read(List<Tokenized> queries, NDArray output);

    /** Refuses a query that this task cannot answer, before the model runs. */
    default void check(Tokenized query) {}

    /** The rows of a matrix (B, N). */
    static List<float[]> rows(NDArray output) {
        int columns = Math.toIntExact(output.getShape().size() / Math.max(1, output.size(0)));
        float[] all = output.toFloatArray();
        float[][] rows = new float[all.length / Math.max(1, columns)][columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all, i * columns, rows[i], 0, columns);
        }
        return List.of(rows);
    }

    /** Probabilities of logits, in double precision. */
    static double[] softmax(float[] logits, int from, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, logits[i]);
        }
        double[] p = new double[to - from];
        double sum = 0;
        for (int i = from; i < to; i++) {
            p[i - from] = Math.exp(logits[i] - max);
            sum += p[i - from];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }
}
