package org.jzoo.blocks.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.packed.PackedMode.BFLOAT16;
import static org.jzoo.blocks.packed.PackedMode.FLOAT32;
import static org.jzoo.blocks.packed.PackedMode.INT8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;

class FastestModesTest {

    @Test
    void aBatchTakesTheModeOfTheNearestSizeByRatio() {
        FastestModes modes = new FastestModes(List.of(FLOAT32, INT8, BFLOAT16, INT8));
        assertEquals(FLOAT32, modes.at(1));
        assertEquals(FLOAT32, modes.at(16));
        assertEquals(INT8, modes.at(17));
        assertEquals(INT8, modes.at(64));
        assertEquals(BFLOAT16, modes.at(65));
        assertEquals(BFLOAT16, modes.at(256));
        assertEquals(INT8, modes.at(257));
        assertEquals(INT8, modes.at(1L << 30));
        assertEquals(Set.of(FLOAT32, INT8, BFLOAT16), modes.used());
        assertEquals(
                "modes must be 4, got modes=[INT8]",
                assertThrows(IllegalArgumentException.class, () -> new FastestModes(List.of(INT8)))
                        .getMessage());
    }

    @Test
    void nothingSlowerThanFloat32IsTaken() {
        assertEquals(FLOAT32, FastestModes.least(Map.of(FLOAT32, 5L, BFLOAT16, 6L, INT8, 7L)));
        assertEquals(FLOAT32, FastestModes.least(Map.of(FLOAT32, 5L, BFLOAT16, 5L)));
        assertEquals(INT8, FastestModes.least(Map.of(FLOAT32, 5L, BFLOAT16, 4L, INT8, 3L)));
        assertEquals(FLOAT32, FastestModes.least(Map.of(FLOAT32, 5L)));
    }

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
            FastestModes first = FastestModes.of(tables, arrays, 10, 1e-12);
            assertSame(first, FastestModes.of(tables, arrays, 10, 1e-12));
            assertEquals(FastestModes.TOKENS.length, first.modes().size());
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
