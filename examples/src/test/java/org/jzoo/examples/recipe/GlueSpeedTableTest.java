package org.jzoo.examples.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.examples.finetune.Regularization;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

class GlueSpeedTableTest {

    private static GlueRun.Figures run(String task, long seed, double speed, Double megabytes) {
        return new GlueRun.Figures(
                "minilm-l6",
                task,
                "full",
                Regularization.NONE,
                seed,
                3,
                32,
                1e-4,
                1,
                "trainable%: 100",
                megabytes == null ? "cpu()" : "gpu(0)",
                "BFLOAT16",
                10,
                speed,
                megabytes,
                Map.of("accuracy", 0.75, "f1", 0.5));
    }

    private static ResultsFile table(List<GlueRun.Figures> runs) {
        return GlueSpeedTable.of(
                runs, "speed", "jzoo reproduce glue", "unknown", Environment.current(Map.of()));
    }

    @Test
    void aTasksSeedsShareARowWithSpeedAndMemory() {
        ResultsFile table =
                table(
                        List.of(
                                run("SST-2", 17, 100, 900.0),
                                run("MRPC", 17, 50, 800.0),
                                run("SST-2", 19, 200, 910.0)));
        assertEquals(2, table.rows().size());
        assertEquals("SST-2, accuracy", table.rows().get(0).labels().get("task"));
        assertEquals(
                Map.of(
                        "result", List.of(0.75, 0.75),
                        "training", List.of(10.0, 10.0),
                        "speed", List.of(100.0, 200.0),
                        "GPU memory", List.of(900.0, 910.0)),
                table.rows().get(0).values());
    }

    @Test
    void runsOnCpuHaveNoMemoryOfACard() {
        ResultsFile table = table(List.of(run("SST-2", 17, 100, null)));
        assertFalse(table.rows().get(0).values().containsKey("GPU memory"));
    }

    @Test
    void noRunsAreRefused() {
        assertEquals(
                "figures must hold at least one run, got none",
                assertThrows(IllegalArgumentException.class, () -> table(List.of())).getMessage());
    }
}
