package org.jzoo.examples.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jzoo.training.compression.pruning.StackImportance;

class ImportanceSharesTest {

    @Test
    void rowsAreSharesOfTheirGreatest() {
        double[] channels = IntStream.rangeClosed(1, 20).mapToDouble(c -> c).toArray();
        Map<String, StackImportance> importance = new LinkedHashMap<>();
        importance.put(
                "text.transformer",
                new StackImportance(
                        new double[][] {{1, 4}, {0, 0}},
                        new double[][] {channels, {7}},
                        new double[] {3, 6}));
        importance.put(
                "fusion.transformer",
                new StackImportance(
                        new double[][] {{2, 1, 5}}, new double[][] {channels}, new double[] {9}));
        ImportanceShares shares = new ImportanceShares(importance);
        assertArrayEquals(new double[] {0.25, 1, 0}, shares.heads()[0]);
        assertArrayEquals(new double[] {0, 0, 0}, shares.heads()[1]);
        assertArrayEquals(new double[] {0.4, 0.2, 1}, shares.heads()[2]);
        assertArrayEquals(new double[] {0.5, 1}, shares.layers()[0]);
        assertArrayEquals(new double[] {1, 0}, shares.layers()[1]);
        // Two channels a tenth: 20 and 19 first, 2 and 1 last.
        assertEquals(1, shares.channels()[0][0]);
        assertEquals(1.5 / 19.5, shares.channels()[0][9], 1e-12);
        assertEquals(1, IntStream.range(0, 10).filter(t -> shares.channels()[1][t] > 0).count());
        assertEquals(List.of("text", "fusion"), shares.stackNames());
    }
}
