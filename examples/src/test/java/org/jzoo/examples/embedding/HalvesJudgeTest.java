package org.jzoo.examples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.document.DocumentVectors;

class HalvesJudgeTest {

    @Test
    void countsPlacesForthAndBack() {
        double[][] forth = {{3, 1, 2}, {5, 4, 0}, {1, 1, 1}};
        double[][] back = {{9, 8, 7}, {1, 2, 3}, {0, 0, 9}};
        // Forth: places 1, 2 and, as equals count before, 3; back, by column: 1, 2, 1.
        Map<String, Double> metrics = HalvesJudge.of(forth, back);
        assertEquals((1 + 0 + 0 + 1 + 0 + 1) / 6.0, metrics.get("found"), 1e-12);
        assertEquals(
                (1 + 1 / 2.0 + 1 / 3.0 + 1 + 1 / 2.0 + 1) / 6,
                metrics.get("reciprocalRank"),
                1e-12);
    }

    @Test
    void cutsBetweenCharactersAndReadsBothHalves() {
        assertEquals(List.of("a😀", "😀b"), HalvesJudge.halves("a😀😀b"));
        // A vector says how many letters a text has of a and of b.
        DocumentVectors letters =
                text -> {
                    float[] counts = new float[2];
                    try (var reader = text.open()) {
                        for (int c; (c = reader.read()) >= 0; ) {
                            counts[c - 'a']++;
                        }
                    }
                    return counts;
                };
        assertEquals(1, HalvesJudge.evaluate(List.of("aaaa", "bbbb"), letters).get("found"), 0);
        assertEquals(0, HalvesJudge.evaluate(List.of("aabb", "bbaa"), letters).get("found"), 0);
    }
}
