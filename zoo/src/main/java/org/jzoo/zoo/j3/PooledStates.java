package org.jzoo.zoo.j3;

import java.util.Arrays;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;

/** The states of a text's tokens as one vector (D), added up chunk by chunk. */
final class PooledStates {

    private final Pooling pooling;
    private double[] sum;
    private float[] first;

    private PooledStates(Pooling pooling, int dim) {
        this.pooling = pooling;
        sum = new double[dim];
    }

    /** Those that a task's head reads; null for tasks with outputs for each token. */
    static PooledStates of(Task task, int dim) {
        Pooling pooling = null;
        if (task instanceof ClassificationTask labels) {
            pooling = labels.head().pooling();
        } else if (task instanceof RegressionTask number) {
            pooling = number.head().pooling();
        } else if (task instanceof EmbeddingTask vector) {
            pooling = vector.pooling();
        }
        return pooling == null ? null : new PooledStates(pooling, dim);
    }

    /** Takes the states (T, D) of the next tokens. */
    void add(float[][] rows) {
        if (first == null) {
            first = rows[0];
        }
        for (float[] row : rows) {
            for (int d = 0; d < row.length; d++) {
                sum[d] += row[d];
            }
        }
    }

    /** The vector of all that was added. */
    float[] vector(long tokens) {
        float[] pooled = new float[sum.length];
        for (int d = 0; d < pooled.length; d++) {
            pooled[d] = pooling == Pooling.FIRST ? first[d] : (float) (sum[d] / tokens);
        }
        return pooled;
    }

    /** The sum of all states (D). */
    double[] sum() {
        return sum.clone();
    }

    /** The first token's state (D); null before it. */
    float[] first() {
        return first == null ? null : first.clone();
    }

    /** Goes on with what another had added up. */
    void restore(double[] otherSum, float[] otherFirst) {
        sum = Arrays.copyOf(otherSum, sum.length);
        first = otherFirst;
    }
}
