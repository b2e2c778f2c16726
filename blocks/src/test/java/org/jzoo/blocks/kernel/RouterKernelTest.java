package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.values;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.Run;

class RouterKernelTest {

    private static final int E = 3;

    private NDManager m;

    @BeforeEach
    void start() {
        m = PyTorch.newBaseManager();
    }

    @AfterEach
    void stop() {
        m.close();
    }

    /** Tokens whose features are their logits: the router's map is the identity. */
    private NDArray tokens(int b, int t, double... logits) {
        float[] narrow = new float[logits.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) logits[i];
        }
        return m.create(narrow, new Shape(b, t, E));
    }

    private RouterKernel.Scoring identity() {
        return new RouterKernel.Scoring(m.eye(E), null, null, 0);
    }

    private static RouterKernel.Choice choice(int k, boolean normalized, int groups, int capacity) {
        return new RouterKernel.Choice(k, normalized, false, groups, capacity);
    }

    /** The natural logarithms, so that probabilities are in the ratio of the arguments. */
    private static double[] logs(double... ratios) {
        double[] logs = new double[ratios.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(ratios[i]);
        }
        return logs;
    }

    @Test
    void topTwoByHand() {
        NDArray x = tokens(1, 2, logs(5, 2, 3, 1, 8, 1.5));
        NDArray[] raw = RouterKernel.topK(x, null, identity(), choice(2, false, 1, 0));
        assertArrayEquals(new long[] {0, 1, 2, 2}, raw[1].toLongArray());
        assertClose(new double[] {0.5, 8 / 10.5, 0.3, 1.5 / 10.5}, raw[0], 1e-6);
        NDArray[] shares = RouterKernel.topK(x, null, identity(), choice(2, true, 1, 0));
        assertClose(new double[] {5 / 8.0, 8 / 9.5, 3 / 8.0, 1.5 / 9.5}, shares[0], 1e-6);
        assertClose(new double[] {0.5, 0.2, 0.3, 1 / 10.5, 8 / 10.5, 1.5 / 10.5}, raw[2], 1e-6);
        // Both tokens chose expert 2, one each of the others.
        assertClose(new double[] {0.5, 0.5, 1}, raw[3], 1e-6);
        double z = (Math.pow(Math.log(10), 2) + Math.pow(Math.log(10.5), 2)) / 2;
        assertClose(new double[] {z}, raw[5], 1e-5);
    }

    @Test
    void weightsOfATokenSumToOne() {
        NDArray x = Run.random(m, 3, 4, 7, 5);
        RouterKernel.Scoring scoring =
                new RouterKernel.Scoring(Run.random(m, 4, 6, 5), Run.random(m, 5, 6), null, 0);
        NDArray[] routing = RouterKernel.topK(x, null, scoring, choice(3, true, 1, 0));
        double[] w = values(routing[0]);
        for (int n = 0; n < 28; n++) {
            assertEquals(1, w[n] + w[28 + n] + w[56 + n], 1e-6);
        }
        double[] p = values(routing[2]);
        for (int n = 0; n < 28; n++) {
            double sum = 0;
            for (int e = 0; e < 6; e++) {
                sum += p[n * 6 + e];
            }
            assertEquals(1, sum, 1e-6);
        }
    }

    @Test
    void firstChoicesFindPlacesBeforeSecondOnesAndEarlierTokensBeforeLater() {
        // First choices 0 0 0 1, second choices 1 1 2 0; two places each.
        NDArray x = tokens(1, 4, logs(6, 3, 1, 6, 3, 1, 6, 1, 3, 3, 6, 1));
        NDArray[] routing = RouterKernel.topK(x, null, identity(), choice(2, true, 1, 2));
        assertArrayEquals(new long[] {0, 0, E, 1, 1, E, 2, E}, routing[1].toLongArray(), "experts");
        double two = 2 / 3.0;
        double one = 1 / 3.0;
        assertClose(new double[] {two, two, 0, two, one, 0, one, 0}, routing[0], 1e-6);
        // The balance loss counts what was asked for.
        assertClose(new double[] {1, 0.75, 0.25}, routing[3], 1e-6);
        assertClose(new double[] {0.5, 0.5, 0.25}, RouterKernel.load(routing[1], E), 1e-6);
    }

    @Test
    void capacityCountsInEachGroup() {
        // Both sequences want expert 1 only; one place a group.
        double[] wish = logs(1, 9, 1, 1, 9, 1, 1, 9, 1, 1, 9, 1);
        NDArray x = tokens(2, 2, wish);
        NDArray[] whole = RouterKernel.topK(x, null, identity(), choice(1, false, 1, 1));
        assertArrayEquals(new long[] {1, E, E, E}, whole[1].toLongArray());
        NDArray[] rows = RouterKernel.topK(x, null, identity(), choice(1, false, 2, 1));
        assertArrayEquals(new long[] {1, E, 1, E}, rows[1].toLongArray());
        assertEquals(new Shape(2, E), rows[3].getShape());
    }

    @Test
    void capacityIsNeverExceeded() {
        int experts = 5;
        for (int capacity : new int[] {1, 4, 9}) {
            NDArray x = Run.random(m, capacity, 3, 16, 4);
            RouterKernel.Scoring scoring =
                    new RouterKernel.Scoring(Run.random(m, 8, experts, 4), null, null, 0);
            NDArray[] free = RouterKernel.topK(x, null, scoring, choice(2, true, 3, 0));
            NDArray[] bound = RouterKernel.topK(x, null, scoring, choice(2, true, 3, capacity));
            int[][] wanted = counts(free[1].toLongArray(), 48, 16, experts);
            int[][] found = counts(bound[1].toLongArray(), 48, 16, experts);
            for (int g = 0; g < 3; g++) {
                for (int e = 0; e < experts; e++) {
                    assertEquals(Math.min(capacity, wanted[g][e]), found[g][e]);
                }
            }
        }
    }

    private static int[][] counts(long[] choices, int n, int groupSize, int experts) {
        int[][] counts = new int[n / groupSize][experts + 1];
        for (int a = 0; a < choices.length; a++) {
            counts[a % n / groupSize][(int) choices[a]]++;
        }
        return counts;
    }

    @Test
    void paddingChoosesNothingTakesNoPlaceAndCountsNowhere() {
        NDArray x = tokens(1, 4, logs(1, 9, 1, 1, 9, 1, 1, 8, 1, 7, 2, 1));
        // As with a cache, the mask covers an earlier position too.
        NDArray mask = m.create(new boolean[] {true, false, true, true, false}, new Shape(1, 5));
        NDArray[] routing = RouterKernel.topK(x, mask, identity(), choice(1, false, 1, 1));
        assertArrayEquals(new long[] {E, 1, E, E}, routing[1].toLongArray());
        assertClose(new double[] {0, 1, 0}, routing[3], 1e-6);
        double second = (9 / 11.0 + 8 / 10.0) / 2;
        double other = (1 / 11.0 + 1 / 10.0) / 2;
        assertClose(new double[] {other, second, other}, routing[4], 1e-6);
        double z = (Math.pow(Math.log(11), 2) + Math.pow(Math.log(10), 2)) / 2;
        assertClose(new double[] {z}, routing[5], 1e-5);
    }

    @Test
    void theSecondChoiceStaysWithTwiceItsWeight() {
        int n = 20_000;
        NDArray one = tokens(1, 1, logs(8, 2, 1e-9));
        NDArray x = one.broadcast(new Shape(1, n, E));
        PyTorch.seed(5);
        NDArray[] routing =
                RouterKernel.topK(
                        x, null, identity(), new RouterKernel.Choice(2, true, true, 1, 0));
        long[] experts = routing[1].toLongArray();
        int stayed = 0;
        for (int i = 0; i < n; i++) {
            assertEquals(0, experts[i]);
            stayed += experts[n + i] == 1 ? 1 : 0;
        }
        assertEquals(0.4, stayed / (double) n, 0.015);
    }

    @Test
    void noiseIsNormalWithALearnedDeviation() {
        int n = 20_000;
        NDArray x = m.ones(new Shape(1, n, 1));
        RouterKernel.Scoring noisy =
                new RouterKernel.Scoring(
                        m.zeros(new Shape(2, 1)),
                        null,
                        m.create(new float[] {0, 1}).reshape(2, 1),
                        0);
        PyTorch.seed(6);
        double[] p = values(RouterKernel.topK(x, null, noisy, choice(1, false, 1, 0))[2]);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double difference = Math.log(p[2 * i] / p[2 * i + 1]);
            sum += difference / n;
            squares += difference * difference / n;
        }
        double variance = Math.pow(Math.log(2), 2) + Math.pow(Math.log(1 + Math.E), 2);
        assertEquals(0, sum, 0.04);
        assertEquals(variance, squares, 0.08);
    }

    @Test
    void jitterStaysInItsRange() {
        int n = 5_000;
        NDArray x = m.ones(new Shape(1, n, 1));
        RouterKernel.Scoring jittered =
                new RouterKernel.Scoring(
                        m.create(new float[] {0, 2}).reshape(2, 1), null, null, 0.1);
        PyTorch.seed(7);
        double[] p = values(RouterKernel.topK(x, null, jittered, choice(1, false, 1, 0))[2]);
        double least = 9;
        double most = 0;
        for (int i = 0; i < n; i++) {
            double factor = Math.log(p[2 * i + 1] / p[2 * i]) / 2;
            least = Math.min(least, factor);
            most = Math.max(most, factor);
        }
        assertTrue(least >= 0.9 - 1e-5 && least < 0.905, "least " + least);
        assertTrue(most <= 1.1 + 1e-5 && most > 1.095, "most " + most);
    }

    @Test
    void expertsChooseTheirBestTokensOfEachGroup() {
        // Two groups of two tokens, one place: each expert takes the likelier of both.
        NDArray x = tokens(2, 2, logs(6, 3, 1, 7, 1, 2, 1, 1, 8, 2, 2, 6));
        NDArray[] routing = RouterKernel.expertChoice(x, null, identity(), 2, 1);
        assertArrayEquals(new long[] {1, 3, 0, 3, 1, 2}, routing[1].toLongArray());
        assertClose(new double[] {0.7, 0.2, 0.3, 0.2, 0.2, 0.8}, routing[0], 1e-6);
        NDArray mask = m.create(new boolean[] {true, false, true, true}, new Shape(2, 2));
        NDArray[] masked = RouterKernel.expertChoice(x, mask, identity(), 2, 1);
        assertArrayEquals(new long[] {0, 3, 0, 3, 0, 2}, masked[1].toLongArray());
    }

    @Test
    void balanceIsKAtBestAndByHand() {
        NDArray even = m.full(new Shape(2, E), 1f / E, DataType.FLOAT32);
        NDArray[] both = {even, even};
        assertClose(new double[] {0.5}, RouterKernel.balance(both, both, 0.5), 1e-6);
        NDArray shares = m.create(new float[] {1, 0, 0, 0.5f, 0.5f, 0}, new Shape(2, E));
        NDArray p = m.create(new float[] {0.6f, 0.2f, 0.2f, 0.2f, 0.4f, 0.4f}, new Shape(2, E));
        // 3 · mean(0.6, 0.3)
        NDArray loss = RouterKernel.balance(new NDArray[] {shares}, new NDArray[] {p}, 1);
        assertClose(new double[] {1.35}, loss, 1e-6);
        // Means over layers come first: shares (.75 .25 0; .25 .25 .5)
        NDArray other = m.create(new float[] {0.5f, 0.5f, 0, 0, 0, 1}, new Shape(2, E));
        NDArray pooled =
                RouterKernel.balance(new NDArray[] {shares, other}, new NDArray[] {p, p}, 1);
        assertClose(
                new double[] {
                    1.5 * (0.75 * 0.6 + 0.25 * 0.2 + 0.25 * 0.2 + 0.25 * 0.4 + 0.5 * 0.4)
                },
                pooled,
                1e-6);
        assertClose(
                new double[] {6},
                RouterKernel.scaledMean(new NDArray[] {m.create(1f), m.create(3f)}, 3),
                0);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        // With as many choices as experts nothing changes sides on the way.
        for (int output : new int[] {0, 2, 4, 5}) {
            GradientCheck.assertGradients(
                    in ->
                            RouterKernel.topK(
                                    in.get(0),
                                    null,
                                    new RouterKernel.Scoring(in.get(1), in.get(2), null, 0),
                                    choice(E, true, 2, 0))[output],
                    5e-3,
                    Run.random(m, 1, 2, 3, 4),
                    Run.random(m, 2, E, 4),
                    Run.random(m, 3, E));
        }
        GradientCheck.assertGradients(
                in -> {
                    NDArray[] r =
                            RouterKernel.topK(
                                    in.head(),
                                    null,
                                    new RouterKernel.Scoring(in.get(1), null, null, 0),
                                    choice(E, true, 2, 0));
                    return RouterKernel.balance(
                            new NDArray[] {r[2].mean(new int[] {1})}, new NDArray[] {r[4]}, 0.3);
                },
                5e-3,
                new NDList(Run.random(m, 1, 2, 3, 4), Run.random(m, 2, E, 4))
                        .toArray(new NDArray[0]));
    }

    @Test
    void aDroppedChoiceSendsNoGradientToTheRouter() {
        NDArray x = tokens(1, 2, logs(1, 9, 1, 1, 8, 1));
        NDArray weight = m.eye(E);
        weight.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            NDArray[] r =
                    RouterKernel.topK(
                            x,
                            null,
                            new RouterKernel.Scoring(weight, null, null, 0),
                            choice(1, false, 1, 1));
            GradientMode.backward(r[0], m.create(new float[] {0, 1}, new Shape(1, 2)));
            assertClose(new double[E * E], weight.getGradient(), 0);
        }
    }
}
