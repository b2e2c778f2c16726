package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;

class EmbeddingKernelTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray ids(long... values) {
        return manager.create(values, new Shape(1, values.length));
    }

    @Test
    void rowsAreTakenByNumber() {
        NDArray table = manager.arange(8f).reshape(4, 2);
        NDArray rows = EmbeddingKernel.lookup(ids(3, 0, 3), table, -1);
        assertEquals(new Shape(1, 3, 2), rows.getShape());
        assertClose(new double[] {6, 7, 0, 1, 6, 7}, rows, 0);
    }

    @Test
    void repeatedRowsSumTheirGradientsAndPaddingGetsNone() {
        NDArray table = Run.random(manager, 1, 4, 2);
        table.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            GradientMode.backward(EmbeddingKernel.lookup(ids(3, 0, 3, 1), table, 1));
        }
        assertClose(new double[] {1, 1, 0, 0, 0, 0, 2, 2}, table.getGradient(), 0);
    }

    @Test
    void positionRowsAreAdded() {
        NDArray x = manager.zeros(new Shape(2, 2, 2));
        NDArray table = manager.arange(10f).reshape(5, 2);
        assertClose(new double[] {4, 5, 6, 7, 4, 5, 6, 7}, EmbeddingKernel.addRows(x, table, 2), 0);
        NDArray positions = manager.create(new long[] {1, 4, 0, 0}, new Shape(2, 2));
        assertClose(
                new double[] {2, 3, 8, 9, 0, 1, 0, 1},
                EmbeddingKernel.addRows(x, table, positions),
                0);
    }

    @Test
    void sinusoidsByHand() {
        NDArray x = manager.zeros(new Shape(1, 2, 4));
        // Frequencies 1 and 10000^(-2/4) = 0.01.
        assertClose(
                new double[] {0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)},
                EmbeddingKernel.addSinusoids(x, null),
                1e-6);
        assertClose(
                new double[] {Math.sin(7), Math.cos(7), Math.sin(0.07), Math.cos(0.07), 0, 1, 0, 1},
                EmbeddingKernel.addSinusoids(x, manager.create(new long[] {7, 0})),
                1e-6);
    }

    @Test
    void sinusoidsOfAnOddWidthEndWithASine() {
        NDArray x = manager.zeros(new Shape(1, 1, 3));
        double f = Math.pow(10000, -2 / 3.0);
        assertClose(
                new double[] {Math.sin(2), Math.cos(2), Math.sin(2 * f)},
                EmbeddingKernel.addSinusoids(x, manager.create(new long[] {2})),
                1e-6);
    }

    @Test
    void positionsPastPaddingSkipPadding() {
        NDArray positions = EmbeddingKernel.positionsPast(ids(5, 6, 1, 7, 1), 1);
        assertEquals(DataType.INT64, positions.getDataType());
        assertClose(new double[] {2, 3, 1, 4, 1}, positions, 0);
    }

    @Test
    void meanPoolAveragesWhatIsKept() {
        NDArray x = manager.create(new float[] {1, 2, 3, 4, 100, 200}, new Shape(1, 3, 2));
        NDArray mask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
        assertClose(new double[] {2, 3}, EmbeddingKernel.meanPool(x, mask), 1e-6);
        assertClose(new double[] {104 / 3.0, 206 / 3.0}, EmbeddingKernel.meanPool(x, null), 1e-4);
        NDArray none = manager.create(new boolean[3], new Shape(1, 3));
        assertClose(new double[] {0, 0}, EmbeddingKernel.meanPool(x, none), 0);
        assertClose(new double[] {1, 2}, EmbeddingKernel.first(x), 0);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray x = Run.randomWide(manager, 1, 2, 3, 4);
        NDArray table = Run.randomWide(manager, 2, 5, 4);
        NDArray ids = manager.create(new long[] {1, 4, 1, 0, 2, 2}, new Shape(2, 3));
        NDArray mask = Run.randomMask(manager, 3, 0.5, 2, 3);
        assertGradients(in -> EmbeddingKernel.lookup(in.get(0), in.get(1), -1), 1e-6, ids, table);
        assertGradients(in -> EmbeddingKernel.addRows(in.get(0), in.get(1), 1), 1e-6, x, table);
        assertGradients(in -> EmbeddingKernel.addRows(in.get(0), in.get(1), ids), 1e-6, x, table);
        assertGradients(in -> EmbeddingKernel.addSinusoids(in.get(0), null), 1e-6, x);
        assertGradients(in -> EmbeddingKernel.meanPool(in.get(0), mask), 1e-6, x);
        assertGradients(in -> EmbeddingKernel.first(in.get(0)), 1e-6, x);
    }
}
