package org.jzoo.blocks.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;

class FastestModesTest {

    @Test
    void aShapeIsMeasuredOnce() {
        long[][] layer = {
            {60, 20}, {60}, {20, 20}, {20}, {20}, {20}, {36, 20}, {36}, {20, 36}, {20}, {20}, {20}
        };
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray[] tables =
                    Arrays.copyOf(
                            arrays(manager, new long[][] {{31, 20}, {9, 20}, {2, 20}, {20}, {20}}),
                            7);
            NDArray[] arrays = arrays(manager, layer);
            MeasuredChoice<PackedMode> first = FastestModes.of(tables, arrays, 10, 1e-12);
            assertSame(first, FastestModes.of(tables, arrays, 10, 1e-12));
            assertEquals(FastestModes.TOKENS, first.sizes());
        }
    }

    private static NDArray[] arrays(NDManager manager, long[][] sizes) {
        NDArray[] arrays = new NDArray[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            arrays[i] = manager.randomNormal(0, 0.3f, new Shape(sizes[i]), DataType.FLOAT32);
        }
        return arrays;
    }
}
