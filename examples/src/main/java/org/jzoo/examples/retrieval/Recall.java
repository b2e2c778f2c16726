package org.jzoo.examples.retrieval;

import java.util.Arrays;
import java.util.List;

/** How often what belongs together is found among the first few. */
final class Recall {

    /** How many of the found ones count. */
    static final List<Integer> FIRST = List.of(1, 5, 10);

    private Recall() {}

    /**
     * Counts by vectors of length 1. What is as similar as the right one counts as found before it.
     *
     * @param images (N, E), row by row
     * @param texts (N, E), each row belonging to the image's
     */
    static RetrievalRun.Found of(String test, float[][] images, float[][] texts) {
        return new RetrievalRun.Found(
                test, images.length, found(texts, images), found(images, texts));
    }

    /** What guessing would find. */
    static List<Double> chance(int candidates) {
        return FIRST.stream().map(k -> Math.min(1, (double) k / candidates)).toList();
    }

    private static List<Double> found(float[][] asked, float[][] searched) {
        int[] counts = new int[FIRST.size()];
        for (int i = 0; i < asked.length; i++) {
            double own = dot(asked[i], searched[i]);
            int before = 0;
            for (int j = 0; j < searched.length; j++) {
                before += j != i && dot(asked[i], searched[j]) >= own ? 1 : 0;
            }
            for (int k = 0; k < counts.length; k++) {
                counts[k] += before < FIRST.get(k) ? 1 : 0;
            }
        }
        return Arrays.stream(counts).mapToObj(count -> (double) count / asked.length).toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
