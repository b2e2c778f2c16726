package org.jzoo.zoo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;

class DifferenceTest {

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
    void theWorstElementCountsAgainstTheLargestExpected() {
        NDArray expected = manager.create(new float[] {1, -4, 2, 0, 0.5f, 3}, new Shape(2, 3));
        NDArray got = manager.create(new float[] {1, -4, 2.5f, 0, 0.5f, 1}, new Shape(2, 3));
        Difference difference = Difference.of("x", expected, got, null, 1);
        assertEquals(new Difference("x", 2, 4, "[1, 2]", 3, 1, 6), difference);
        assertEquals(0.5, difference.relative());
    }

    @Test
    void positionsLeftOutDoNotCount() {
        NDArray expected = manager.create(new float[] {1, 2, 3, 9}, new Shape(1, 2, 2));
        NDArray got = manager.create(new float[] {1, 2.5f, 0, 0}, new Shape(1, 2, 2));
        NDArray keep = manager.create(new boolean[] {true, false}, new Shape(1, 2));
        Difference difference = Difference.of("x", expected, got, keep, 1);
        assertEquals(new Difference("x", 0.5, 2, "[0, 0, 1]", 2, 2.5, 2), difference);
    }

    @Test
    void whatIsNotANumberDiffersWithoutEnd() {
        NDArray expected = manager.create(new float[] {1, 2});
        NDArray got = manager.create(new float[] {1, Float.NaN});
        assertEquals(
                Double.POSITIVE_INFINITY, Difference.of("x", expected, got, null, 1).relative());
    }

    @Test
    void aSmallGradientCountsAgainstItself() {
        NDArray expected = manager.create(new float[] {0.002f, 0.001f});
        NDArray got = manager.create(new float[] {0.002f, 0.0015f});
        assertEquals(0.25, Difference.ofGradient("g", expected, got, 200).relative(), 1e-6);
    }

    @Test
    void aGradientOfRoundingAloneMustBeRoundingHereToo() {
        NDArray expected = manager.create(new float[] {1e-6f, -1e-6f});
        NDArray rounding = manager.create(new float[] {-2e-6f, 0});
        NDArray more = manager.create(new float[] {0.1f, 0});
        assertEquals(1.5e-6, Difference.ofGradient("g", expected, rounding, 200).relative(), 1e-9);
        assertEquals(0.05, Difference.ofGradient("g", expected, more, 200).relative(), 1e-6);
    }

    @Test
    void rejectsOtherShapes() {
        NDArray expected = manager.create(new Shape(2, 3));
        NDArray got = manager.create(new Shape(3, 2));
        assertEquals(
                "x must have shape (2, 3), got (3, 2)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Difference.of("x", expected, got, null, 1))
                        .getMessage());
    }
}
