package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.values;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;

class ExpertKernelTest {

    private static final int B = 2;
    private static final int T = 5;
    private static final int D = 3;
    private static final int E = 4;
    private static final int F = 6;
    private static final int K = 2;
    private static final int N = B * T;

    private static ExpertKernel.Mode mode(String activation) {
        return new ExpertKernel.Mode(activation, 0, Precision.FLOAT32);
    }

    private static ExpertKernel.Maps maps(NDList in) {
        return new ExpertKernel.Maps(
                in.get(2), in.get(3), in.get(4), in.get(5), in.get(6), in.get(7));
    }

    /** x, weights and the six maps. */
    private static NDArray[] inputs(NDManager m, long... weights) {
        return new NDArray[] {
            Run.random(m, 1, B, T, D),
            Run.random(m, 2, weights),
            Run.random(m, 3, E, F, D),
            Run.random(m, 4, E, F),
            Run.random(m, 5, E, F, D),
            Run.random(m, 6, E, F),
            Run.random(m, 7, E, D, F),
            Run.random(m, 8, E, D)
        };
    }

    /** Different experts of a token; expert 1 gets nobody, some choices are none. */
    private static NDArray experts(NDManager m) {
        long[] first = {0, 2, 3, 0, 2, 2, 4, 0, 3, 3};
        long[] second = {2, 3, 0, 4, 0, 3, 4, 3, 2, 0};
        long[] all = new long[K * N];
        System.arraycopy(first, 0, all, 0, N);
        System.arraycopy(second, 0, all, N, N);
        return m.create(all, new Shape(K, N));
    }

    private static double[] expert(NDArray[] in, int e, double[] x, boolean gated) {
        double[] h = new double[F];
        for (int f = 0; f < F; f++) {
            double up = at(in[3], e, f);
            double gate = at(in[5], e, f);
            for (int d = 0; d < D; d++) {
                up += at(in[2], e, f, d) * x[d];
                gate += at(in[4], e, f, d) * x[d];
            }
            h[f] = gated ? silu(gate) * up : silu(up);
        }
        double[] y = new double[D];
        for (int d = 0; d < D; d++) {
            y[d] = at(in[7], e, d);
            for (int f = 0; f < F; f++) {
                y[d] += at(in[6], e, d, f) * h[f];
            }
        }
        return y;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static double at(NDArray array, long... index) {
        long flat = 0;
        for (int i = 0; i < index.length; i++) {
            flat = flat * array.getShape().get(i) + index[i];
        }
        return Close.values(array)[(int) flat];
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalsALoopOverTokensAndChoices(boolean gated) {
        try (NDManager m = PyTorch.newBaseManager()) {
            NDArray[] in = inputs(m, K, N);
            NDArray experts = experts(m);
            double[] x = Close.values(in[0]);
            double[] expected = new double[N * D];
            for (int n = 0; n < N; n++) {
                for (int k = 0; k < K; k++) {
                    int e = (int) experts.getLong(k, n);
                    if (e == E) {
                        continue;
                    }
                    double[] token = new double[D];
                    System.arraycopy(x, n * D, token, 0, D);
                    double[] y = expert(in, e, token, gated);
                    for (int d = 0; d < D; d++) {
                        expected[n * D + d] += at(in[1], k, n) * y[d];
                    }
                }
            }
            ExpertKernel.Maps all = maps(new NDList(in));
            ExpertKernel.Maps used = gated ? all : ungated(all);
            NDArray y = ExpertKernel.apply(in[0], in[1], experts, used, mode("silu"));
            assertClose(m.create(expected).reshape(B, T, D), y, 1e-5);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager m = PyTorch.newBaseManager()) {
            NDArray experts = experts(m);
            GradientCheck.assertGradients(
                    in -> ExpertKernel.apply(in.get(0), in.get(1), experts, maps(in), mode("gelu")),
                    5e-3,
                    inputs(m, K, N));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void expertsFilledUpToEqualNumbersComputeTheSame(boolean gated) {
        try (NDManager m = PyTorch.newBaseManager()) {
            List<List<double[]>> found = new ArrayList<>();
            for (double padding : new double[] {0, 9}) {
                try (GradientMode on = GradientMode.on()) {
                    NDArray[] in = inputs(m, K, N);
                    for (NDArray array : in) {
                        array.setRequiresGradient(true);
                    }
                    ExpertKernel.Maps all = maps(new NDList(in));
                    ExpertKernel.Maps used = gated ? all : ungated(all);
                    NDArray y =
                            ExpertKernel.apply(
                                    in[0], in[1], experts(m), used, mode("gelu"), padding);
                    GradientMode.backward(y, Run.random(m, 9, B, T, D));
                    List<double[]> values = new ArrayList<>(List.of(values(y)));
                    for (int i = 0; i < in.length; i++) {
                        if (gated || (i != 4 && i != 5)) {
                            values.add(values(in[i].getGradient()));
                        }
                    }
                    found.add(values);
                }
            }
            for (int i = 0; i < found.get(0).size(); i++) {
                assertArrayEquals(found.get(0).get(i), found.get(1).get(i), 1e-5);
            }
        }
    }

    private static ExpertKernel.Maps ungated(ExpertKernel.Maps all) {
        return new ExpertKernel.Maps(
                all.up(), all.upBias(), null, null, all.down(), all.downBias());
    }

    @Test
    void gradientsOfChosenTokensAgreeWithDifferences() {
        try (NDManager m = PyTorch.newBaseManager()) {
            NDArray tokens = m.create(new Random(3).longs(E * 3, 0, N).toArray(), new Shape(E, 3));
            GradientCheck.assertGradients(
                    in ->
                            ExpertKernel.applyChosen(
                                    in.get(0), in.get(1), tokens, maps(in), mode("tanh")),
                    5e-3,
                    inputs(m, E, 3));
        }
    }

    @Test
    void chosenTokensGetTheSumOfTheirExperts() {
        try (NDManager m = PyTorch.newBaseManager()) {
            NDArray[] in = inputs(m, E, 1);
            // Token 7 is wanted by experts 0 and 2, token 1 by 1, token 9 by 3.
            NDArray tokens = m.create(new long[] {7, 1, 7, 9}, new Shape(E, 1));
            double[] x = Close.values(in[0]);
            double[] expected = new double[N * D];
            for (int e = 0; e < E; e++) {
                int n = (int) tokens.getLong(e, 0);
                double[] token = new double[D];
                System.arraycopy(x, n * D, token, 0, D);
                double[] y = expert(in, e, token, true);
                for (int d = 0; d < D; d++) {
                    expected[n * D + d] += at(in[1], e, 0) * y[d];
                }
            }
            NDArray y =
                    ExpertKernel.applyChosen(
                            in[0], in[1], tokens, maps(new NDList(in)), mode("silu"));
            assertClose(m.create(expected).reshape(B, T, D), y, 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyActivationHasAKernelOfItsName(Activation activation) {
        try (NDManager m = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            // One expert of width 1 with maps of 1: the activation itself.
            NDArray x = Run.random(m, 1, 1, 7, 1);
            NDArray one = m.ones(new Shape(1, 1, 1));
            ExpertKernel.Maps maps = new ExpertKernel.Maps(one, null, null, null, one, null);
            NDArray y =
                    ExpertKernel.apply(
                            x,
                            m.ones(new Shape(1, 7)),
                            m.zeros(new Shape(1, 7), DataType.INT64),
                            maps,
                            mode(activation.name().toLowerCase(java.util.Locale.ROOT)));
            assertClose(activation.apply(x), y, 1e-6);
        }
    }

    @Test
    void bfloat16IsCloseAndReturnsFloat32() {
        try (NDManager m = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            NDArray[] in = inputs(m, K, N);
            NDArray exact =
                    ExpertKernel.apply(
                            in[0], in[1], experts(m), maps(new NDList(in)), mode("silu"));
            NDArray narrow =
                    ExpertKernel.apply(
                            in[0],
                            in[1],
                            experts(m),
                            maps(new NDList(in)),
                            new ExpertKernel.Mode("silu", 0, Precision.BFLOAT16));
            Close.assertRelativelyClose(exact, narrow, 0.03);
        }
    }

    @Test
    void nobodyAndNothingYieldZerosAndNothing() {
        try (NDManager m = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            NDArray[] in = inputs(m, K, N);
            NDArray none = m.full(new Shape(K, N), E, DataType.INT64);
            NDArray y = ExpertKernel.apply(in[0], in[1], none, maps(new NDList(in)), mode("silu"));
            assertClose(new double[N * D], y, 0);
            NDArray nothing =
                    ExpertKernel.apply(
                            m.zeros(new Shape(B, 0, D)),
                            m.zeros(new Shape(K, 0)),
                            m.zeros(new Shape(K, 0), DataType.INT64),
                            maps(new NDList(in)),
                            mode("silu"));
            org.junit.jupiter.api.Assertions.assertEquals(new Shape(B, 0, D), nothing.getShape());
        }
    }
}
