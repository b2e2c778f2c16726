package org.jzoo.examples.bench;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;

/**
 * Times encoders side by side in one process.
 *
 * <p>A call goes from token ids in Java to the last hidden state in native memory; nobody pools.
 * Candidates take turns in bursts, so that all see the same disturbances, with a pause before each
 * in which the worker threads of the one before go to sleep. The first call of a burst, which finds
 * the caches full of the other's weights, and the whole first round are not counted.
 */
final class EncodeTurns {

    // ONNX Runtime's worker spins for about 40 ms after a call, PyTorch's for up to 7.
    private static final long PAUSE_MILLIS = 60;
    private static final int LEAST_ROUNDS = 3;
    // Ids of ordinary words in the vocabularies of the encoders that can be measured.
    private static final int FIRST_WORD = 1000;
    private static final int LAST_WORD = 20_000;

    private EncodeTurns() {}

    /** Measures all candidates on one batch for about so many seconds. */
    static List<Timing> measure(List<Candidate> candidates, BatchShape shape, double seconds)
            throws OrtException, InterruptedException {
        long[] ids = ids(candidates, shape);
        List<List<Long>> times = new ArrayList<>();
        List<float[]> means = new ArrayList<>();
        for (Candidate candidate : candidates) {
            times.add(new ArrayList<>());
            means.add(means(candidate.hiddenState(ids, shape), shape));
        }
        int burst = ids.length <= 128 ? 8 : ids.length <= 1024 ? 3 : 2;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
            for (int c = 0; c < candidates.size(); c++) {
                Thread.sleep(PAUSE_MILLIS);
                for (int call = 0; call < burst; call++) {
                    long start = System.nanoTime();
                    candidates.get(c).run(ids, shape);
                    long time = System.nanoTime() - start;
                    if (round > 0 && call > 0) {
                        times.get(c).add(time);
                    }
                }
            }
        }
        List<Timing> timings = new ArrayList<>();
        for (int c = 0; c < candidates.size(); c++) {
            double[] millis = times.get(c).stream().mapToDouble(n -> n / 1e6).sorted().toArray();
            timings.add(new Timing(candidates.get(c).name(), millis, means.get(c), shape.rows()));
        }
        return timings;
    }

    private static long[] ids(List<Candidate> candidates, BatchShape shape) {
        long words = LAST_WORD;
        for (Candidate candidate : candidates) {
            words = Math.min(words, candidate.vocabularySize());
        }
        return new SplittableRandom(1)
                .longs(
                        (long) shape.rows() * shape.tokens(),
                        words > FIRST_WORD ? FIRST_WORD : 0,
                        words)
                .toArray();
    }

    /** (B, T, D) to the sums over T, (B, D), whose direction is that of the means. */
    private static float[] means(float[] states, BatchShape shape) {
        int dim = states.length / shape.rows() / shape.tokens();
        float[] means = new float[shape.rows() * dim];
        for (int i = 0; i < states.length; i++) {
            int row = i / (shape.tokens() * dim);
            means[row * dim + i % dim] += states[i];
        }
        return means;
    }

    /** An engine with the weights in it. */
    interface Candidate extends AutoCloseable {

        /** What tables call it. */
        String name();

        /** Ids that it knows. */
        default long vocabularySize() {
            return Long.MAX_VALUE;
        }

        /** Computes the last hidden state and drops it. */
        void run(long[] ids, BatchShape shape) throws OrtException;

        /** Computes the last hidden state, (B, T, D). */
        float[] hiddenState(long[] ids, BatchShape shape) throws OrtException;

        @Override
        void close();
    }

    /**
     * A candidate's times on one batch.
     *
     * @param candidate its name
     * @param millis of its calls, from the least to the greatest
     * @param means directions of the rows' mean states, (B, D)
     * @param rows B
     */
    record Timing(String candidate, double[] millis, float[] means, int rows) {

        double median() {
            return (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2;
        }

        double least() {
            return millis[0];
        }

        /** The least cosine, over rows, to another candidate's mean states. */
        double leastCosine(Timing other) {
            int dim = means.length / rows;
            double least = 1;
            for (int row = 0; row < rows; row++) {
                float[] x = Arrays.copyOfRange(other.means, row * dim, (row + 1) * dim);
                float[] y = Arrays.copyOfRange(means, row * dim, (row + 1) * dim);
                least = Math.min(least, dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
            }
            return least;
        }

        private static double dot(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (double) a[i] * b[i];
            }
            return sum;
        }
    }
}
