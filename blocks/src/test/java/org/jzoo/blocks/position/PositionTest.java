package org.jzoo.blocks.position;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.PositionKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

class PositionTest {

    @Nested
    class Learned extends PartContract {
        @Override
        protected Part create() {
            return (Part) new LearnedPositionOption(9).create(4);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 3, 4);
        }
    }

    @Nested
    class Sinusoidal extends PartContract {
        @Override
        protected Part create() {
            return (Part) new SinusoidalPositionOption().create(4);
        }

        @Override
        protected NDArray input(NDManager manager) {
            NDArray x = Run.random(manager, 1, 2, 3, 4);
            x.setRequiresGradient(true); // it has no parameters
            return x;
        }
    }

    @Test
    void learnedRowsAreAddedFromZeroOrWhereTheContextSays() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized((Part) new LearnedPositionOption(4).create(1), manager, 1);
            Run.set(ParameterPaths.of(part).get("weight").getArray(), 1, 10, 100, 1000);
            NDArray x = manager.create(new float[] {5, 5, 5}, new Shape(1, 3, 1));
            assertClose(new double[] {6, 15, 105}, Run.infer(part, x, new ForwardContext()), 0);
            ForwardContext context =
                    new ForwardContext().withPositions(manager.create(new long[] {3, 0, 2}));
            assertClose(new double[] {1005, 6, 105}, Run.infer(part, x, context), 0);
        }
    }

    @Test
    void inputsLongerThanTheTableAreRefused() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized((Part) new LearnedPositionOption(4).create(1), manager, 1);
            NDArray x = manager.ones(new Shape(1, 5, 1));
            assertEquals(
                    "length must be <= maxLength, got length=5, maxLength=4; truncate the input",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Run.infer(part, x, new ForwardContext()))
                            .getMessage());
        }
    }

    @Test
    void sinusoidsOfPositionOneByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = (Part) new SinusoidalPositionOption().create(4);
            NDArray x = manager.ones(new Shape(1, 2, 4));
            assertClose(
                    new double[] {
                        1,
                        2,
                        1,
                        2,
                        1 + Math.sin(1),
                        1 + Math.cos(1),
                        1 + Math.sin(0.01),
                        1 + Math.cos(0.01)
                    },
                    Run.infer(part, x, new ForwardContext()),
                    1e-6);
        }
    }

    @Test
    void rotaryFrequenciesFallGeometrically() {
        assertArrayEquals(
                new double[] {1, 0.1, 0.01},
                new RotaryPositionOption(1000, 6, false).frequencies(),
                1e-12);
    }

    @Test
    void rotaryTurnsByPositionTimesFrequency() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 0, 1, 0}, new Shape(1, 1, 1, 4));
            NDArray at = manager.create(new long[] {3});
            double s = Math.sin(0.3);
            double c = Math.cos(0.3);
            // Frequencies 1 and 0.1.
            assertClose(
                    new double[] {Math.cos(3), Math.sin(3), c, s},
                    new RotaryPositionOption(100, 4, true).encode(x, at),
                    1e-6);
            assertClose(
                    new double[] {Math.cos(3) - Math.sin(3), 0, Math.cos(3) + Math.sin(3), 0},
                    new RotaryPositionOption(100, 4, false).encode(x, at),
                    1e-6);
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "maxLength must be >= 1, got maxLength=0",
                message(() -> new LearnedPositionOption(0)));
        assertEquals(
                "rotaryBase must be > 1, got rotaryBase=1.0",
                message(() -> new RotaryPositionOption(1, 4, true)));
        assertEquals(
                "rotaryDim must be even and >= 2, got rotaryDim=3",
                message(() -> new RotaryPositionOption(10, 3, true)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }

    @Test
    void slopesOfAlibiFallGeometrically() {
        assertArrayEquals(
                new double[] {1 / 4.0, 1 / 16.0, 1 / 64.0, 1 / 256.0},
                new AlibiPositionOption(4).slopes(),
                1e-12);
        // Those of 4 heads, then every other one of 8.
        assertArrayEquals(
                new double[] {1 / 4.0, 1 / 16.0, 1 / 64.0, 1 / 256.0, 1 / 2.0, 1 / 8.0},
                new AlibiPositionOption(6).slopes(),
                1e-12);
    }

    @Test
    void alibiFallsWithDistanceToBothSides() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = (Part) new AlibiPositionOption(2).create();
            NDArray distance = manager.create(new long[] {-3, 0, 2}, new Shape(1, 3));
            NDArray shift = Run.infer(part, distance, new ForwardContext());
            assertEquals(new Shape(1, 2, 1, 3), shift.getShape());
            assertClose(
                    new double[] {-3 / 16.0, 0, -2 / 16.0, -3 / 256.0, 0, -2 / 256.0}, shift, 1e-7);
        }
    }

    @Test
    void bucketsHoldOneDistanceEachAndThenGrowLogarithmically() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray distance = manager.create(new long[] {0, -1, -7, -8, -15, -16, -127, -128, 9});
            assertArrayEquals(
                    new long[] {0, 1, 7, 8, 13, 13, 23, 23, 0},
                    PositionKernel.buckets(distance, 24, 128, false).toLongArray());
            // Two sides of four buckets: 0, 1, then [2, 6) and from 6 on.
            NDArray both = manager.create(new long[] {0, -1, -5, -6, -99, 1, 5, 6, 99});
            assertArrayEquals(
                    new long[] {0, 1, 2, 3, 3, 5, 6, 7, 7},
                    PositionKernel.buckets(both, 8, 16, true).toLongArray());
        }
    }
}
