package org.jzoo.examples.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

class CopyRunTest {

    private static final CopyTask TASK = new CopyTask(4, 3, 2);

    @TempDir Path folder;

    @Test
    void whatIsShownFirstIsAskedForLast() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CopyTask.Batch batch = TASK.batch(manager, 5, 7);
            assertEquals(new Shape(5, 12), batch.ids().getShape());
            assertEquals(new Shape(5, 4), batch.labels().getShape());
            long[] ids = batch.ids().toLongArray();
            long[] labels = batch.labels().toLongArray();
            for (int b = 0; b < 5; b++) {
                for (int i = 0; i < 12; i++) {
                    long id = ids[12 * b + i];
                    boolean symbol = id < CopyTask.ALPHABET;
                    assertEquals(i < 2, symbol);
                    assertEquals(i >= 10, id >= 16);
                    assertTrue(id < TASK.vocabulary());
                }
                assertEquals(LossKernel.IGNORE, labels[4 * b]);
                assertEquals(ids[12 * b], labels[4 * b + 2]);
                assertEquals(ids[12 * b + 1], labels[4 * b + 3]);
                assertEquals(17, ids[12 * b + 11]);
            }
        }
    }

    @Test
    void memoryTokensLearnToCopyWhatNoMemoryCannot() {
        CopyTask task = new CopyTask(3, 2, 1);
        assertTrue(new CopyRun(CopyMemory.TOKENS, 5).run(task, 200).accuracy() > 0.95);
        assertTrue(new CopyRun(CopyMemory.RECURRENCE, 5).run(task, 200).accuracy() > 0.95);
        assertTrue(new CopyRun(CopyMemory.NONE, 5).run(task, 50).accuracy() < 0.3);
    }

    @Test
    void doneRunsAreNotMadeAgainAndTheTableHoldsThemAll() throws Exception {
        Path file = folder.resolve("memory.jsonl");
        new CopyRuns(List.of(3L)).run(TASK, 2, file, 0, 1);
        List<String> before = Files.readAllLines(file);
        assertEquals(CopyMemory.values().length, before.size());
        new CopyRuns(List.of(3L)).run(TASK, 2, file, 0, 1);
        assertEquals(before, Files.readAllLines(file));
        CopyTable table = new CopyTable(CopyRuns.lines(file).read());
        ResultsFile results = table.table("command", "commit", Environment.current(Map.of()));
        assertEquals(
                List.of(
                        "no memory",
                        "segment recurrence, reach too short",
                        "segment recurrence",
                        "memory tokens"),
                results.rows().stream().map(r -> r.labels().get("memory")).toList());
        assertEquals(List.of(2.0), results.rows().get(0).values().get("steps"));
        assertTrue(table.picture().getWidth() > 0);
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "numSymbols and numSegments must be >= 1 and segmentLength >= numSymbols, got"
                        + " numSymbols=5, numSegments=3, segmentLength=4",
                assertThrows(IllegalArgumentException.class, () -> new CopyTask(4, 3, 5))
                        .getMessage());
    }
}
