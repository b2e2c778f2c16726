package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;

class EncodeBenchTest {

    @Test
    void packedMiniLmAgreesWithOnnxRuntimeAndIsTimed() throws Exception {
        EncodeBenchConfig config =
                new EncodeBenchConfig(
                        "minilm-l6",
                        List.of(new BatchShape(3, 7), new BatchShape(1, 2)),
                        List.of(PackedMode.FLOAT32, PackedMode.BFLOAT16),
                        PyTorch.threads(),
                        0.05);
        List<String> lines = new ArrayList<>();
        EncodeBenchReport report = new EncodeBench(config, lines::add).run();

        assertEquals(2, lines.size());
        assertEquals(
                List.of("onnxruntime", "float32", "bfloat16"),
                report.rows().subList(0, 3).stream()
                        .map(EncodeBenchReport.Row::candidate)
                        .toList());
        for (EncodeBenchReport.Row row : report.rows()) {
            double least = row.candidate().equals("bfloat16") ? 0.999 : 0.99999;
            assertTrue(row.cosine() >= least, row::toString);
            assertTrue(row.medianMillis() >= row.leastMillis(), row::toString);
            assertTrue(row.leastMillis() > 0 && row.calls() > 0, row::toString);
        }
        assertTrue(report.table().contains("| 3x7 | float32 |"), report.table());
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertEquals(6, json.getAsJsonArray("rows").size());
    }

    @Test
    void unknownModelsAndEmptyPlansAreRefused() {
        EncodeBenchConfig unknown =
                new EncodeBenchConfig("minilm-l7", EncodeBenchConfig.USUAL_SHAPES, List.of(), 1, 1);
        assertEquals(
                "model must be a pretrained encoder, got model=minilm-l7",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new EncodeBench(unknown, line -> {}).run())
                        .getMessage());
        assertEquals(
                "shapes must not be empty, threads must be >= 1 and secondsPerShape > 0, got"
                        + " shapes=[], threads=1, secondsPerShape=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new EncodeBenchConfig("x", List.of(), List.of(), 1, 1))
                        .getMessage());
    }
}
