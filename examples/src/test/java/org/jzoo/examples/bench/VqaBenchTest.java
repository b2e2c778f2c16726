package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.J1Size;

class VqaBenchTest {

    @Test
    void modelsOfOneModalityAreAsDeepAsTheLongestWayThroughJ1() {
        J1Config text = VqaBench.single(J1Size.XL, true);
        assertEquals(8 + 10, text.text().stack().numLayers());
        assertEquals(null, text.image());
        J1Config image = VqaBench.single(J1Size.XL, false);
        assertEquals(8 + 10, image.image().stack().numLayers());
        assertEquals(2048, image.image().stack().dim());
        assertEquals(null, image.text());
    }

    @Test
    void everySizeAndBatchIsMeasured() {
        VqaBench.Config config = new VqaBench.Config(List.of("tiny"), 0.01, Device.cpu());
        List<VqaBench.Row> rows = new VqaBench(config, line -> {}).run();
        assertEquals(VqaBench.BATCHES, rows.stream().map(VqaBench.Row::batch).toList());
        for (VqaBench.Row row : rows) {
            assertTrue(row.both() > 0 && row.text() > 0 && row.image() > 0, row.toString());
            assertTrue(Double.isNaN(row.megabytes()), row.toString());
        }
        ResultsFile table = BenchTables.vqa("bench-j1", "jzoo bench vqa", rows);
        assertTrue(table.toMarkdown().contains("| tiny | 32 "), table.toMarkdown());
    }

    @Test
    void overheadsAreSharesOfTheSlowerOne() {
        VqaBench.Row row = new VqaBench.Row("tiny", 1, 1, 5, 2, 4, 4.5, Double.NaN);
        assertEquals(0.25, row.overSlower(), 1e-12);
        assertEquals(5 / 4.5 - 1, row.overImageInBoth(), 1e-12);
    }

    @Test
    void rejectsUnknownSizes() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new VqaBench.Config(List.of("huge"), 1, Device.cpu()));
    }
}
