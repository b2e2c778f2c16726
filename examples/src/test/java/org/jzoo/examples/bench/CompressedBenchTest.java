package org.jzoo.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;
import org.jzoo.training.report.ResultsFile;

class CompressedBenchTest {

    @Test
    void everyoneIsTimedOnEveryBatchAndKeepsItsOwnAnswers() throws Exception {
        CompressedBench.Config config =
                new CompressedBench.Config(
                        "minilm-l6",
                        null,
                        List.of(new BatchShape(3, 7), new BatchShape(1, 2)),
                        PyTorch.threads(),
                        0.05);
        List<String> lines = new ArrayList<>();
        List<CompressedBench.Row> rows = new CompressedBench(config, lines::add).run();

        assertEquals(2, lines.size());
        assertEquals(
                List.of(
                        "teacher float32",
                        "teacher fastest",
                        "onnxruntime",
                        "onnxruntime int8",
                        "student float32",
                        "student fastest"),
                rows.subList(0, 6).stream().map(CompressedBench.Row::candidate).toList());
        for (CompressedBench.Row row : rows) {
            // ONNX Runtime's 8 bits have one scale for a whole matrix, ours one for each output.
            double least =
                    switch (row.candidate()) {
                        case "onnxruntime int8" -> 0.85;
                        case "teacher fastest", "student fastest" -> 0.98;
                        default -> 0.99999;
                    };
            assertTrue(row.cosine() >= least, row::toString);
            assertTrue(row.medianMillis() > 0 && row.speedup() > 0, row::toString);
            assertEquals(row.candidate().equals("student fastest"), !row.mode().isEmpty());
        }
        ResultsFile file = BenchTables.compressed("bench-compressed", "jzoo bench", rows);
        assertEquals(12, file.rows().size());
    }

    @Test
    void modelsThatCannotBePackedAndEmptyPlansAreRefused() {
        assertEquals(
                "shapes must not be empty, threads must be >= 1 and secondsPerShape > 0, got"
                        + " shapes=[], threads=1, secondsPerShape=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new CompressedBench.Config("x", null, List.of(), 1, 1))
                        .getMessage());
    }
}
