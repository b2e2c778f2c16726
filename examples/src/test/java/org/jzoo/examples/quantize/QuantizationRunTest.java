package org.jzoo.examples.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.lite.TinyGlue;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;

final class QuantizationRunTest {

    @Test
    void everyMethodIsMeasuredOnceAgainstTheModelWithoutRounding(@TempDir Path temporary)
            throws Exception {
        QuantizationRun.Config config =
                new QuantizationRun.Config(
                        TinyGlue.glue(temporary.resolve("glue")),
                        GlueTask.SST2,
                        TinyGlue.model(temporary.resolve("tiny")).toString(),
                        1,
                        2,
                        4,
                        0,
                        4,
                        temporary.resolve("work"),
                        Precision.FLOAT32,
                        Device.cpu());
        Path file = temporary.resolve("lines.jsonl");
        List<QuantizationRun.Figures> heard = new ArrayList<>();
        List<String> methods = List.of("rtn", "gptq", "awq", "squeeze", "pq", "qat");
        for (int round = 0; round < 2; round++) {
            QuantizationRun.run(config, List.of(17L), List.of(8, 3), methods, file, heard::add);
        }
        List<QuantizationRun.Figures> lines =
                new JsonLines<>(file, QuantizationRun.Figures.class).read();
        assertEquals(heard, lines);
        assertEquals(1 + 2 * methods.size(), lines.size());
        assertEquals(0, lines.get(0).divergence());
        double eight = divergence(lines, 8, "rtn");
        double three = divergence(lines, 3, "rtn");
        assertTrue(eight > 0 && eight < three, eight + " at 8 bits, " + three + " at 3");
        String table =
                QuantizationTable.of(lines, "command", "commit", Environment.current(Map.of()))
                        .toMarkdown();
        assertTrue(table.contains("squeeze"), table);
    }

    private static double divergence(List<QuantizationRun.Figures> all, int bits, String method) {
        return all.stream()
                .filter(f -> f.bits() == bits && f.method().equals(method))
                .findFirst()
                .orElseThrow()
                .divergence();
    }

    @Test
    void answersDivergeByWhatTheySay() {
        float[][] even = {{1, 1}};
        float[][] odd = {{(float) Math.log(3), 0}};
        // (1/2, 1/2) against (3/4, 1/4)
        assertEquals(
                0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25),
                QuantizationRun.divergence(even, odd),
                1e-6);
        assertEquals(4, QuantizationRun.divergence(new float[][] {{3}}, new float[][] {{1}}), 1e-9);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new QuantizationRun.Config(
                                Path.of("glue"),
                                GlueTask.SST2,
                                "tiny",
                                0,
                                1,
                                1,
                                0,
                                1,
                                Path.of("work"),
                                Precision.FLOAT32,
                                Device.cpu()));
    }
}
