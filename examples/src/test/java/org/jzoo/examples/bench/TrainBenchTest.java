package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultsFile;

class TrainBenchTest {

    private static final TrainBench.Config CONFIG =
            new TrainBench.Config(2, 3, 1, 0, Device.cpu(), 1, null);

    @Test
    void allSidesTakeTurnsAndOnCpuNothingIsSaidOfACard() throws Exception {
        List<String> lines = new ArrayList<>();
        List<TrainBench.Row> rows = new TrainBench(CONFIG, lines::add).run();
        assertEquals(
                List.of("DJL EasyTrain", "jzoo float32", "jzoo bfloat16"),
                rows.stream().map(TrainBench.Row::name).toList());
        assertEquals(1, lines.size());
        ResultsFile table = BenchTables.train("bench-train", CONFIG.command(), rows);
        assertEquals(
                List.of("median", "speed"), table.figures().stream().map(Figure::name).toList());
    }

    @Test
    void eachSideRunsAloneToSayWhatMemoryItTakes() {
        for (String side : TrainProbe.SIDES) {
            TrainProbe.Memory memory = TrainProbe.measure(CONFIG, side);
            assertEquals(0, memory.gpuMegabytes());
            assertTrue(memory.name().endsWith(side) || side.equals("djl"), memory::toString);
        }
    }

    @Test
    void knownMemoryOfACardIsAColumn() {
        List<TrainBench.Row> rows =
                List.of(
                        new TrainBench.Row("a", List.of(3.0, 1.0, 2.0), 1234),
                        new TrainBench.Row("b", List.of(1.0), Double.NaN));
        ResultsFile table = BenchTables.train("bench-train", "jzoo bench train", rows);
        assertEquals(List.of(1234.0), table.rows().get(0).values().get("GPU memory"));
        assertFalse(table.rows().get(1).values().containsKey("GPU memory"));
        assertEquals(List.of(2.0), table.rows().get(1).values().get("speed"));
    }
}
