package org.jzoo.blocks.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.packed.PackedMode.BFLOAT16;
import static org.jzoo.blocks.packed.PackedMode.FLOAT32;
import static org.jzoo.blocks.packed.PackedMode.INT8;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class MeasuredChoiceTest {

    private static final List<Integer> SIZES = List.of(8, 32, 128, 512);

    @Test
    void theFasterWayOfEachSizeIsFound() {
        EnumMap<PackedMode, IntConsumer> work = new EnumMap<>(PackedMode.class);
        work.put(FLOAT32, place -> sleep(4));
        work.put(INT8, place -> sleep(place == 0 ? 10 : 1));
        MeasuredChoice<PackedMode> choice = MeasuredChoice.measure(List.of(1, 100), FLOAT32, work);
        assertEquals(List.of(FLOAT32, INT8), choice.ways());
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBatchTakesTheModeOfTheNearestSizeByRatio() {
        MeasuredChoice<PackedMode> modes =
                new MeasuredChoice<>(SIZES, List.of(FLOAT32, INT8, BFLOAT16, INT8));
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
                "there must be a way for each size, got sizes=[8, 32, 128, 512], ways=[INT8]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new MeasuredChoice<>(SIZES, List.of(INT8)))
                        .getMessage());
    }

    @Test
    void nothingSlowerThanFloat32IsTaken() {
        assertEquals(
                FLOAT32,
                MeasuredChoice.least(Map.of(FLOAT32, 5L, BFLOAT16, 6L, INT8, 7L), FLOAT32));
        assertEquals(FLOAT32, MeasuredChoice.least(Map.of(FLOAT32, 5L, BFLOAT16, 5L), FLOAT32));
        assertEquals(
                INT8, MeasuredChoice.least(Map.of(FLOAT32, 5L, BFLOAT16, 4L, INT8, 3L), FLOAT32));
        assertEquals(FLOAT32, MeasuredChoice.least(Map.of(FLOAT32, 5L), FLOAT32));
    }
}
