package org.jzoo.datasets.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class Bm25Test {

    private static final List<String> PASSAGES =
            List.of("The cat sat. The cat ran.", "A dog sat", "Birds fly over the sea");

    @Test
    void scoresAreThoseWorkedByHand() {
        // Lengths 6, 3, 5, mean 14/3. "cat" is in 1 of 3 passages, "sat" in 2.
        double mean = 14.0 / 3;
        double cat = Math.log(1 + 2.5 / 1.5);
        double sat = Math.log(1 + 1.5 / 2.5);
        double long6 = 1.2 * (1 - 0.75 + 0.75 * 6 / mean);
        double short3 = 1.2 * (1 - 0.75 + 0.75 * 3 / mean);
        double first = cat * 2 * 2.2 / (2 + long6) + sat * 2.2 / (1 + long6);
        double second = sat * 2.2 / (1 + short3);
        assertArrayEquals(
                new double[] {first, second, 0}, new Bm25(PASSAGES).scores("Cat sat? cat!"), 1e-12);
    }

    @Test
    void withoutLengthAndRepetitionOnlyRarityCounts() {
        double the = Math.log(1 + 1.5 / 2.5);
        assertArrayEquals(
                new double[] {the, 0, the}, new Bm25(PASSAGES, 0, 0).scores("the"), 1e-12);
    }

    @Test
    void theBestComeFirstAndOthersAreLeftOut() {
        Bm25 index = new Bm25(PASSAGES);
        assertEquals(List.of(0, 1), index.best("cat sat", 5));
        assertEquals(List.of(0), index.best("cat sat", 1));
        assertEquals(List.of(), index.best("whale", 5));
        assertEquals(List.of(0, 1), new Bm25(List.of("same", "same")).best("same", 5));
    }

    @Test
    void refusesWhatMakesNoIndex() {
        assertEquals(
                "passages must not be empty, k1 >= 0 and b in [0, 1], got passages=1, k1=1.0,"
                        + " b=2.0",
                assertThrows(IllegalArgumentException.class, () -> new Bm25(List.of("a"), 1, 2))
                        .getMessage());
    }
}
