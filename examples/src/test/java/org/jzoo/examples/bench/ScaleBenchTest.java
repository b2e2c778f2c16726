package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.ResultsFile;

class ScaleBenchTest {

    @Test
    void aSmallEncoderIsBuiltPackedAndTimedInBothForms() {
        ScaleBench.Config config =
                new ScaleBench.Config(
                        List.of(new ScaleBench.Size("tiny", 128, 2)), 1, Device.cpu());
        List<String> lines = new ArrayList<>();
        List<ScaleBench.Row> rows = new ScaleBench(config, lines::add).run();
        assertEquals(2, lines.size());
        assertEquals(2, rows.size());
        // Words, positions, two layers with biases and norms, and the norm above the tables.
        long layer = 4 * (128 * 128 + 128) + 2 * 512 * 128 + 512 + 128 + 4 * 128;
        long weights = (30_522 + 128) * 128 + 2 * layer + 2 * 128;
        for (ScaleBench.Row row : rows) {
            assertEquals(weights, row.weights());
            assertTrue(row.weightBytes() < 1.1 * weights, row::toString);
            assertTrue(row.residentBytes() > 0 && row.median() > 0, row::toString);
        }
        ResultsFile table = BenchTables.scale("bench-scale", "jzoo bench", rows);
        assertEquals(2, table.rows().size());
    }

    @Test
    void emptyPlansAreRefused() {
        assertEquals(
                "sizes must not be empty and rounds >= 1, got sizes=[], rounds=1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ScaleBench.Config(List.of(), 1, Device.cpu()))
                        .getMessage());
    }
}
