package org.jzoo.blocks.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Close;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class NormTest {

    @Nested
    class OfMeanAndVariance extends PartContract {
        @Override
        protected Part create() {
            return new LayerNormOption(1e-5).create(6);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 3, 6);
        }
    }

    @Nested
    class OfMeanSquare extends PartContract {
        @Override
        protected Part create() {
            return new RmsNormOption(1e-5).create(6);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 3, 6);
        }
    }

    @Test
    void freshNormsOnlyNormalise() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 7}, new Shape(1, 2));
            Part layer = new LayerNormOption(7).create(2);
            layer.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
            // Mean 4, variance 9; with epsilon 7 the root is 4.
            Close.assertClose(
                    new double[] {-0.75, 0.75}, Run.infer(layer, x, new ForwardContext()), 1e-6);
            Part rms = new RmsNormOption(11).create(2);
            rms.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
            // Mean square 25; with epsilon 11 the root is 6.
            Close.assertClose(
                    new double[] {1 / 6.0, 7 / 6.0}, Run.infer(rms, x, new ForwardContext()), 1e-6);
        }
    }

    @Test
    void rejectsEpsilonsThatAreNotPositive() {
        assertEquals(
                "epsilon must be > 0, got epsilon=0.0",
                assertThrows(IllegalArgumentException.class, () -> new LayerNormOption(0))
                        .getMessage());
        assertEquals(
                "epsilon must be > 0, got epsilon=NaN",
                assertThrows(IllegalArgumentException.class, () -> new RmsNormOption(Double.NaN))
                        .getMessage());
    }
}
