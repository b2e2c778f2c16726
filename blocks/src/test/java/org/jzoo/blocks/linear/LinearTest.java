package org.jzoo.blocks.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class LinearTest extends PartContract {

    @Override
    protected Part create() {
        return new Linear(5, 7, true);
    }

    @Override
    protected NDArray input(NDManager manager) {
        return Run.random(manager, 1, 2, 3, 5);
    }

    @Test
    void computesXTimesWeightTransposedPlusBias() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Linear map = Run.initialized(new Linear(2, 1, true), manager, 1);
            Run.set(map.weight().getArray(), 3, 5);
            Run.set(map.bias().getArray(), 0.5);
            NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
            assertClose(new double[] {13.5}, Run.infer(map, x, new ForwardContext()), 0);
        }
    }

    @Test
    void withoutBiasItHasNone() {
        Linear map = new Linear(2, 1, false);
        assertNull(map.bias());
        assertEquals(1, map.getDirectParameters().size());
    }

    @Test
    void rejectsEmptySides() {
        assertEquals(
                "in and out must be >= 1, got in=0, out=3",
                assertThrows(IllegalArgumentException.class, () -> new Linear(0, 3, true))
                        .getMessage());
    }
}
