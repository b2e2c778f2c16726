package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.Run;

class LinearKernelTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void affineMapByHand() {
        NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
        NDArray weight = manager.create(new float[] {1, 0, 0, 1, 10, 100}, new Shape(3, 2));
        NDArray bias = manager.create(new float[] {0.5f, 0, 0});
        assertClose(
                new double[] {1.5, 2, 210},
                LinearKernel.linear(x, weight, bias, Precision.FLOAT32),
                0);
        assertClose(
                new double[] {1, 2, 210},
                LinearKernel.linear(x, weight, null, Precision.FLOAT32),
                0);
    }

    @Test
    void lowRankEqualsTheMergedWeight() {
        NDArray x = Run.random(manager, 1, 2, 3, 5);
        NDArray weight = Run.random(manager, 2, 7, 5);
        NDArray bias = Run.random(manager, 3, 7);
        NDArray a = Run.random(manager, 4, 2, 5);
        NDArray b = Run.random(manager, 5, 7, 2);
        NDArray merged = LinearKernel.mergeLowRank(weight, a, b, 0.75);
        assertClose(
                LinearKernel.linear(x, merged, bias, Precision.FLOAT32),
                LinearKernel.lowRank(x, weight, bias, a, b, 0.75, 0, Precision.FLOAT32),
                1e-5);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray x = Run.random(manager, 1, 2, 3, 5);
        NDArray weight = Run.random(manager, 2, 4, 5);
        NDArray bias = Run.random(manager, 3, 4);
        NDArray a = Run.random(manager, 4, 2, 5);
        NDArray b = Run.random(manager, 5, 4, 2);
        assertGradients(
                in -> LinearKernel.linear(in.get(0), in.get(1), in.get(2), Precision.FLOAT32),
                1e-3,
                x,
                weight,
                bias);
        assertGradients(
                in ->
                        LinearKernel.lowRank(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                in.get(3),
                                in.get(4),
                                0.75,
                                0,
                                Precision.FLOAT32),
                1e-3,
                x,
                weight,
                bias,
                a,
                b);
        assertGradients(in -> LinearKernel.add(in.get(0), in.get(1)), 1e-3, x, x);
        assertGradients(in -> LinearKernel.cast(in.get(0), Precision.FLOAT32), 1e-3, x);
    }

    @Test
    void bfloat16IsCloseToFloat32AndWidensBack() {
        NDArray x = Run.random(manager, 1, 8, 64);
        NDArray weight = Run.random(manager, 2, 32, 64);
        NDArray wide = LinearKernel.linear(x, weight, null, Precision.FLOAT32);
        NDArray narrow = LinearKernel.linear(x, weight, null, Precision.BFLOAT16);
        NDArray widened = LinearKernel.cast(narrow, Precision.FLOAT32);
        assertEquals(DataType.FLOAT32, widened.getDataType());
        assertRelativelyClose(wide, widened, 2e-2);
    }

    @Test
    void gradientsFlowThroughBfloat16ToFloat32Weights() {
        NDArray x = Run.random(manager, 1, 8, 16);
        Map<Precision, NDArray> gradients = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            NDArray weight = Run.random(manager, 2, 4, 16);
            weight.setRequiresGradient(true);
            try (GradientMode on = GradientMode.on()) {
                NDArray y = LinearKernel.linear(x, weight, null, precision);
                GradientMode.backward(LinearKernel.cast(y, Precision.FLOAT32));
            }
            gradients.put(precision, weight.getGradient());
        }
        assertEquals(DataType.FLOAT32, gradients.get(Precision.BFLOAT16).getDataType());
        assertRelativelyClose(
                gradients.get(Precision.FLOAT32), gradients.get(Precision.BFLOAT16), 2e-2);
    }

    @Test
    void dropoutZeroesItsShareScalesTheRestAndFollowsTheSeed() {
        NDArray x = manager.ones(new Shape(100, 100));
        PyTorch.seed(7);
        NDArray y = LinearKernel.dropout(x, 0.2);
        double zeros = 0;
        for (float v : y.toFloatArray()) {
            assertTrue(v == 0 || v == 1.25f, () -> "got " + v);
            zeros += v == 0 ? 1 : 0;
        }
        assertEquals(0.2, zeros / 10_000, 0.02);
        assertNotEquals(0, largestDifference(y, LinearKernel.dropout(x, 0.2)));
        PyTorch.seed(7);
        assertClose(y, LinearKernel.dropout(x, 0.2), 0);
        assertSame(x, LinearKernel.dropout(x, 0));
    }

    @Test
    void dropoutDecidesOnNeighboursAndFourthsIndependently() {
        int n = 40_001; // no multiple of four
        PyTorch.seed(11);
        float[] y = LinearKernel.dropout(manager.ones(new Shape(n)), 0.3).toFloatArray();
        for (int distance : new int[] {1, 2, 3, 4}) {
            int both = 0;
            for (int i = 0; i + distance < n; i++) {
                both += y[i] == 0 && y[i + distance] == 0 ? 1 : 0;
            }
            assertEquals(0.09, both / (double) (n - distance), 0.007);
        }
        for (int place = 0; place < 4; place++) {
            int zeros = 0;
            for (int i = place; i < n; i += 4) {
                zeros += y[i] == 0 ? 1 : 0;
            }
            assertEquals(0.3, zeros / (n / 4.0), 0.02);
        }
    }

    @Test
    void dropoutDrawsAnewInEachCallAndKeepsItsShareOfMany() {
        int n = 1 << 20;
        NDArray ones = manager.ones(new Shape(n));
        PyTorch.seed(13);
        for (double p : new double[] {0.1, 0.5, 0.75}) {
            float[] first = LinearKernel.dropout(ones, p).toFloatArray();
            float[] second = LinearKernel.dropout(ones, p).toFloatArray();
            int zeros = 0;
            int both = 0;
            int rows = 0;
            for (int i = 0; i < n; i++) {
                zeros += first[i] == 0 ? 1 : 0;
                both += first[i] == 0 && second[i] == 0 ? 1 : 0;
                rows += i >= 384 && first[i] == 0 && first[i - 384] == 0 ? 1 : 0;
            }
            // Four standard deviations.
            double bound = 4 * Math.sqrt(0.25 / n);
            assertEquals(p, zeros / (double) n, bound);
            assertEquals(p * p, both / (double) n, bound);
            assertEquals(p * p, rows / (n - 384.0), bound);
        }
    }

    @Test
    void dropoutScalesTheGradientsOfWhatItKeeps() {
        NDArray x = manager.ones(new Shape(7, 11));
        x.setRequiresGradient(true);
        for (Precision precision : Precision.values()) {
            NDArray y;
            try (GradientMode on = GradientMode.on()) {
                y =
                        LinearKernel.cast(
                                LinearKernel.dropout(LinearKernel.cast(x, precision), 0.5),
                                Precision.FLOAT32);
                GradientMode.backward(y);
            }
            assertClose(y, x.getGradient(), 0);
            OptimizerKernel.zeroGradients(new NDArray[] {x});
        }
    }

    private static double largestDifference(NDArray x, NDArray y) {
        double[] a = Close.values(x);
        double[] b = Close.values(y);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @Test
    void aWrongShapeNamesTheKernel() {
        NDArray x = Run.random(manager, 1, 2, 5);
        NDArray weight = Run.random(manager, 2, 4, 6);
        EngineException error =
                assertThrows(
                        EngineException.class,
                        () -> LinearKernel.linear(x, weight, null, Precision.FLOAT32));
        assertTrue(error.getMessage().startsWith("kernel linear.py.linear: "), error::getMessage);
    }

    @Test
    void resultsBelongToTheManagerOfTheFirstArray() {
        NDArray weight = Run.random(manager, 2, 4, 5);
        try (NDManager inner = manager.newSubManager()) {
            NDArray x = Run.random(inner, 1, 2, 5);
            NDArray y = LinearKernel.linear(x, weight, null, Precision.FLOAT32);
            assertSame(inner, y.getManager());
        }
    }
}
