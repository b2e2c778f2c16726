package org.jzoo.blocks.position;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

/** Positions in two dimensions. */
class GridPositionTest {

    private static ForwardContext at(int rows, int columns) {
        return new ForwardContext().withGrid(new Grid(rows, columns));
    }

    private static Part part(NDManager manager, EmbeddingPosition option, int dim) {
        return Run.initialized((Part) option.create(dim), manager, 1);
    }

    private static NDArray parameter(Part part, String name) {
        return ParameterPaths.of(part).get(name).getArray();
    }

    @Test
    void learnedRowsBelongToPlacesAndLeadingTokens() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = part(manager, new LearnedGridPositionOption(new Grid(2, 3), 1), 1);
            Run.set(parameter(part, "weight"), 7, 1, 2, 3, 4, 5, 6);
            NDArray x = manager.ones(new Shape(1, 7, 1)).muli(10);
            assertClose(new double[] {17, 11, 12, 13, 14, 15, 16}, Run.infer(part, x, at(2, 3)), 0);
        }
    }

    @Test
    void anotherGridGetsRowsBetweenTheLearnedOnes() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = part(manager, new LearnedGridPositionOption(new Grid(1, 2), 1), 1);
            Run.set(parameter(part, "weight"), 9, 0, 1);
            NDArray x = manager.zeros(new Shape(1, 9, 1));
            // Bicubic with a = -3/4: w(1.25) = -27/256, w(0.75) + w(1.75) = 58/256.
            double a = -27 / 256.0;
            double b = 58 / 256.0;
            assertClose(
                    new double[] {9, a, b, 1 - b, 1 - a, a, b, 1 - b, 1 - a},
                    Run.infer(part, x, at(2, 4)),
                    1e-6);
        }
    }

    @Test
    void interpolatedRowsTeachTheLearnedOnes() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GradientCheck.assertGradients(
                    in -> ImageKernel.addGrid(in.get(0), in.get(1), new Grid(3, 5), new Grid(2, 3)),
                    1e-3,
                    Run.random(manager, 2, 2, 17, 2),
                    Run.random(manager, 3, 8, 2));
        }
    }

    @Test
    void axesAddUp() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = part(manager, new LearnedAxesPositionOption(new Grid(3, 4)), 1);
            Run.set(parameter(part, "rows"), 10, 20, 30);
            Run.set(parameter(part, "columns"), 1, 2, 3, 4);
            NDArray x = manager.zeros(new Shape(2, 7, 1));
            double[] once = {0, 11, 12, 13, 21, 22, 23};
            double[] twice = new double[14];
            System.arraycopy(once, 0, twice, 0, 7);
            System.arraycopy(once, 0, twice, 7, 7);
            assertClose(twice, Run.infer(part, x, at(2, 3)), 0);
        }
    }

    @Test
    void everyRowOfEveryTableLearns() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Part axes = part(manager, new LearnedAxesPositionOption(new Grid(2, 3)), 2);
            Part grid = part(manager, new LearnedGridPositionOption(new Grid(3, 2), 1), 2);
            NDArray x = Run.random(manager, 1, 5, 7, 2);
            GradientMode.backward(Run.forward(axes, x, true, at(2, 3)));
            GradientMode.backward(Run.forward(grid, x, true, at(3, 2)));
            // Each number is added in 5 examples, a row's in 3 columns too, a column's in 2 rows.
            assertArrayEquals(new float[] {15, 15, 15, 15}, Run.gradients(axes).get("rows"));
            assertArrayEquals(
                    new float[] {10, 10, 10, 10, 10, 10}, Run.gradients(axes).get("columns"));
            float[] fives = new float[14];
            java.util.Arrays.fill(fives, 5);
            assertArrayEquals(fives, Run.gradients(grid).get("weight"));
        }
    }

    @Test
    void sinusoidsTellTheColumnThenTheRow() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = (Part) new SinusoidalGridPositionOption().create(8);
            NDArray y = Run.infer(part, manager.zeros(new Shape(1, 7, 8)), at(2, 3));
            assertClose(new double[8], y.get("0, 0"), 0);
            double q = 2; // the last patch: column 2, row 1; frequencies 1 and 1/100
            double r = 1;
            assertClose(
                    new double[] {
                        Math.sin(q), Math.sin(q / 100), Math.cos(q), Math.cos(q / 100),
                        Math.sin(r), Math.sin(r / 100), Math.cos(r), Math.cos(r / 100)
                    },
                    y.get("0, 6"),
                    1e-6);
        }
    }

    @Test
    void rotaryTurnsHalfByTheRowAndHalfByTheColumn() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 0, 1, 0, 5}, new Shape(1, 1, 1, 5));
            NDArray at = manager.create(new long[] {3, 2}, new Shape(1, 2));
            assertClose(
                    new double[] {Math.cos(3), Math.sin(3), Math.cos(2), Math.sin(2), 5},
                    new RotaryGridPositionOption(100, 4, true).encode(x, at),
                    1e-6);
            assertClose(
                    new RotaryGridPositionOption(100, 4, false).encode(x, at),
                    new RotaryGridPositionOption(100, 4, true).encode(x, at),
                    0);
            assertArrayEquals(
                    new double[] {1, 0.1},
                    new RotaryGridPositionOption(100, 8, false).frequencies(),
                    1e-12);
        }
    }

    @Test
    void rotaryScoresDependOnDistancesAlone() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            RotaryGridPositionOption option = new RotaryGridPositionOption(100, 8, false);
            NDArray q = Run.random(manager, 1, 2, 3, 6, 8);
            NDArray k = Run.random(manager, 2, 2, 3, 6, 8);
            NDArray near = ImageKernel.positions(manager.zeros(new Shape(1, 6, 1)), new Grid(2, 3));
            NDArray far = near.add(manager.create(new long[] {4, 7}));
            NDArray before = scores(option, q, k, near);
            assertClose(before, scores(option, q, k, far), 1e-4);
        }
    }

    private static NDArray scores(
            RotaryGridPositionOption option, NDArray q, NDArray k, NDArray positions) {
        return option.encode(q, positions)
                .matMul(option.encode(k, positions).transpose(0, 1, 3, 2));
    }

    @Test
    void placesAreNumberedByRowAndColumnAfterLeadingTokens() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.zeros(new Shape(2, 5, 3));
            NDArray positions = ImageKernel.positions(x, new Grid(2, 2));
            assertEquals(DataType.INT64, positions.getDataType());
            assertSame(
                    manager.create(new long[] {0, 0, 0, 0, 0, 1, 1, 0, 1, 1}, new Shape(5, 2)),
                    positions);
        }
    }

    @Test
    void errorsNameTheNumbers() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part axes = part(manager, new LearnedAxesPositionOption(new Grid(2, 3)), 2);
            Part grid = part(manager, new LearnedGridPositionOption(new Grid(2, 3), 1), 2);
            NDArray x = manager.zeros(new Shape(1, 8, 2));
            assertEquals(
                    "grid must be at most 2x3, got 2x4; scale the image down",
                    message(() -> Run.infer(axes, x, at(2, 4))));
            assertEquals(
                    "length must be that of the grid and 1 tokens before it, got length=8,"
                            + " grid=2x4",
                    message(() -> Run.infer(grid, x, at(2, 4))));
            assertEquals(
                    "length must be that of the grid and any tokens before it, got length=8,"
                            + " grid=3x3",
                    message(() -> Run.infer(axes, x, at(3, 3))));
            assertThrows(
                    IllegalStateException.class, () -> Run.infer(grid, x, new ForwardContext()));
        }
        assertEquals(
                "leading must be >= 0, got leading=-1",
                message(() -> new LearnedGridPositionOption(new Grid(2, 2), -1)));
        assertEquals(
                "dim must be a multiple of 4, got dim=6",
                message(() -> new SinusoidalGridPositionOption().create(6)));
        assertEquals(
                "rotaryDim must be a positive multiple of 4, got rotaryDim=6",
                message(() -> new RotaryGridPositionOption(10, 6, true)));
        assertEquals(
                "rotaryBase must be > 1, got rotaryBase=1.0",
                message(() -> new RotaryGridPositionOption(1, 4, true)));
        assertEquals(
                "positions must be rows and columns (T, 2) or (B, T, 2), got null",
                message(() -> new RotaryGridPositionOption(10, 4, true).encode(null, null)));
    }

    private static String message(Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
