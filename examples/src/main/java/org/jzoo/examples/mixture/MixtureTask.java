package org.jzoo.examples.mixture;

import java.util.SplittableRandom;

/**
 * Tokens of several kinds, each kind with a random map of its own: {@code x = c_t + z}, {@code y =
 * B_t tanh(A_t z)}, where the kind t shows only in the place c_t around which its tokens lie.
 *
 * <p>A learner that finds out the kinds may give each its own small map; one that does not has to
 * hold all maps at once.
 */
final class MixtureTask {

    /** Features of a token and of its target (D). */
    static final int DIM = 32;

    /** Kinds of tokens. */
    static final int KINDS = 8;

    private static final int INNER = 16;
    private static final double SLOPE = 1.5;

    private final double[][] centres = new double[KINDS][]; // (kinds, D)
    private final double[][] in = new double[KINDS][]; // (kinds, inner·D)
    private final double[][] out = new double[KINDS][]; // (kinds, D·inner)

    /** Tokens, their targets and kinds. */
    record Sample(float[] x, float[] y, int[] kinds) {

        int size() {
            return kinds.length;
        }
    }

    /** Draws the maps. */
    MixtureTask(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int t = 0; t < KINDS; t++) {
            centres[t] = normal(random, DIM, 1);
            in[t] = normal(random, INNER * DIM, SLOPE / Math.sqrt(DIM));
            out[t] = normal(random, DIM * INNER, 1 / Math.sqrt(INNER));
        }
    }

    private static double[] normal(SplittableRandom random, int count, double deviation) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        return values;
    }

    /** Draws tokens, all kinds equally likely. */
    Sample sample(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[count * DIM];
        float[] y = new float[count * DIM];
        int[] kinds = new int[count];
        double[] inner = new double[INNER];
        for (int n = 0; n < count; n++) {
            int t = random.nextInt(KINDS);
            kinds[n] = t;
            double[] z = normal(random, DIM, 1);
            for (int i = 0; i < INNER; i++) {
                double sum = 0;
                for (int d = 0; d < DIM; d++) {
                    sum += in[t][i * DIM + d] * z[d];
                }
                inner[i] = Math.tanh(sum);
            }
            for (int d = 0; d < DIM; d++) {
                double sum = 0;
                for (int i = 0; i < INNER; i++) {
                    sum += out[t][d * INNER + i] * inner[i];
                }
                x[n * DIM + d] = (float) (centres[t][d] + z[d]);
                y[n * DIM + d] = (float) sum;
            }
        }
        return new Sample(x, y, kinds);
    }
}
