package org.jzoo.training.compression.distillation;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a teacher said of the rows of its data, each once. Several threads, and several trainings
 * one after the other, may use it.
 */
public final class KnownAnswers {

    private final Map<Long, float[]> answers = new ConcurrentHashMap<>();

    /** Knows nothing yet. */
    public KnownAnswers() {}

    /**
     * Remembers an answer.
     *
     * @param row its number in the data
     * @param answer (C)
     */
    public void put(long row, float... answer) {
        answers.put(row, answer.clone());
    }

    /** Whether there is an answer for each of these rows. */
    public boolean has(long... rows) {
        for (long row : rows) {
            if (!answers.containsKey(row)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The answers for rows that are known, one after the other.
     *
     * @return (rows · C)
     */
    float[] of(long... rows) {
        int width = answers.get(rows[0]).length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(answers.get(rows[i]), 0, flat, i * width, width);
        }
        return flat;
    }

    /** The number of rows. */
    public int size() {
        return answers.size();
    }

    /** All answers by row, in order. */
    public Map<Long, float[]> all() {
        return new TreeMap<>(answers);
    }
}
