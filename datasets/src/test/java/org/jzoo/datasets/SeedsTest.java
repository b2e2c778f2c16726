package org.jzoo.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {

    @Test
    void aListMakesEachItemWhenItIsAskedFor() {
        int[] made = {0};
        List<Integer> squares =
                Seeds.list(
                        4,
                        index -> {
                            made[0]++;
                            return index * index;
                        });
        assertEquals(0, made[0]);
        assertEquals(9, squares.get(3));
        assertEquals(1, made[0]);
        assertEquals(List.of(0, 1, 4, 9), squares);
        assertThrows(IndexOutOfBoundsException.class, () -> squares.get(4));
    }

    @Test
    void generatorsOfNeighboursBeginApart() {
        double first = Seeds.random(3, 0).nextDouble();
        assertEquals(first, Seeds.random(3, 0).nextDouble());
        double mean = 0;
        for (int index = 0; index < 1_000; index++) {
            mean += Seeds.random(3, index).nextDouble() / 1_000;
        }
        assertEquals(0.5, mean, 0.03);
    }

    @Test
    void rejectsANegativeSize() {
        assertEquals(
                "size must be >= 0, got size=-1",
                assertThrows(IllegalArgumentException.class, () -> Seeds.list(-1, i -> i))
                        .getMessage());
    }
}
