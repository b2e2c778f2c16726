package org.jzoo.examples.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.examples.character.Characters;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

class DeepRunTest {

    private static final DeepConfig TINY = new DeepConfig(8, 3, new DeepConfig.Batch(4, 8), 25);
    private static final long[] TEXT = Characters.encode("to be or not to be, ".repeat(20));

    @TempDir Path folder;

    @Test
    void everyVariantLearnsWhenItIsShallow() throws Exception {
        Path file = folder.resolve("deep.jsonl");
        new DeepRuns(List.of(3L)).run(TEXT, TINY, file, 0, 1);
        List<DeepRun.Figures> all = DeepRuns.lines(file).read();
        assertEquals(DeepVariant.values().length, all.size());
        for (DeepRun.Figures figures : all) {
            assertEquals(0, figures.divergedAt());
            assertEquals(3, figures.curve().size());
            assertTrue(figures.curve().get(2) < figures.curve().get(0) - 0.2, figures.toString());
        }
        List<String> before = Files.readAllLines(file);
        new DeepRuns(List.of(3L)).run(TEXT, TINY, file, 0, 1);
        assertEquals(before, Files.readAllLines(file));
    }

    @Test
    void divergedRunsAreCountedAndKeepTheirCurve() {
        List<DeepRun.Figures> runs =
                List.of(
                        new DeepRun.Figures("pre-norm", 1, 64, 20, 1, 2.5, 0, List.of(3.0, 2.5)),
                        new DeepRun.Figures(
                                "post-norm, no warm-up", 1, 64, 20, 1, 3.0, 11, List.of(4.0)));
        DeepTable table = new DeepTable(runs, 3.5);
        ResultsFile results = table.table("command", "commit", Environment.current(Map.of()));
        assertEquals(
                Map.of("loss", List.of(2.5), "diverged runs", List.of(0.0)),
                results.rows().get(0).values());
        assertEquals(Map.of("diverged runs", List.of(1.0)), results.rows().get(1).values());
        assertEquals(Map.of("loss", List.of(3.5)), results.rows().get(2).values());
        assertTrue(table.picture().getWidth() > 0);
    }

    @Test
    void entropyByHand() {
        assertEquals(
                0.5 * Math.log(2) + 0.5 * Math.log(4),
                DeepRun.entropy(Characters.encode("aabc")),
                1e-12);
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "dim must be a multiple of 4, numLayers and steps >= 1, got dim=6, numLayers=3,"
                        + " steps=9",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new DeepConfig(6, 3, new DeepConfig.Batch(1, 1), 9))
                        .getMessage());
    }
}
