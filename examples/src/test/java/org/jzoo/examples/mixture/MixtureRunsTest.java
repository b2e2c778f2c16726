package org.jzoo.examples.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

class MixtureRunsTest {

    private static MixtureRun.Figures figures(int[][] load) {
        return new MixtureRun.Figures("8 experts, top-1", 1, 2, 3, 4, 0.5, load, 1);
    }

    @Test
    void specialisationByHand() {
        assertEquals(1, figures(new int[][] {{0, 7}, {5, 0}}).specialisation(), 1e-12);
        assertEquals(0, figures(new int[][] {{2, 4}, {3, 6}}).specialisation(), 1e-12);
        // Three kinds, two of them at one expert: of log 3 only log 3 - 2/3 log 2 is known.
        assertEquals(
                1 - 2 / 3.0 * Math.log(2) / Math.log(3),
                figures(new int[][] {{4, 0}, {4, 0}, {0, 4}}).specialisation(),
                1e-12);
    }

    @Test
    void targetsDependOnTheHiddenKindAndSamplesOnTheirSeed() {
        MixtureTask task = new MixtureTask(3);
        MixtureTask.Sample one = task.sample(50, 4);
        assertArrayEquals(one.y(), task.sample(50, 4).y());
        assertNotEquals(one.x()[0], task.sample(50, 5).x()[0]);
        assertNotEquals(one.y()[0], new MixtureTask(4).sample(50, 4).y()[0]);
        assertTrue(java.util.Arrays.stream(one.kinds()).distinct().count() == MixtureTask.KINDS);
        for (float y : one.y()) {
            assertTrue(Math.abs(y) < 20);
        }
    }

    @Test
    void everyLearnerRunsOnceAndIsInTheTable(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("runs.jsonl");
        List<String> lines = new ArrayList<>();
        for (int turn = 0; turn < 2; turn++) {
            MixtureRuns.run(List.of(5L), 3, file, Device.cpu(), new int[] {0, 1}, lines::add);
        }
        assertEquals(4, lines.size());
        List<MixtureRun.Figures> figures = MixtureRuns.read(file);
        ResultsFile table =
                MixtureRuns.table(
                        figures, "jzoo reproduce experts", "c", Environment.current(Map.of()));
        assertEquals(4, table.rows().size());
        assertEquals(2112, table.rows().get(0).summary("weights").orElseThrow().mean());
        assertTrue(table.rows().get(0).summary("kind known from expert").isEmpty());
        assertTrue(table.rows().get(1).summary("kind known from expert").isPresent());
        assertTrue(MixtureRuns.picture(figures).getWidth() > 100);
    }

    @Test
    void figuresOfOneKindAreNeeded() {
        assertEquals(
                "figures must hold at least one run, got none",
                assertThrows(IllegalArgumentException.class, () -> MixtureRuns.picture(List.of()))
                        .getMessage());
        MixtureRun.Figures other = new MixtureRun.Figures("x", 1, 9, 3, 4, 0.5, null, 1);
        assertEquals(
                "figures must come of runs with the same steps, got [2, 9]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> MixtureRuns.picture(List.of(figures(null), other)))
                        .getMessage());
    }
}
