package org.jzoo.examples.pruning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.lite.TinyGlue;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;

final class PruningRunTest {

    private static final int DIM = 16;
    private static final List<PruneMethod> ALL = List.of(PruneMethod.values());

    private static PruningConfig config(Path temporary) throws Exception {
        return new PruningConfig(
                TinyGlue.glue(temporary.resolve("glue")),
                temporary.resolve("work"),
                TinyGlue.model(temporary.resolve("tiny"), DIM).toString(),
                4,
                2,
                4,
                Precision.FLOAT32,
                Device.cpu());
    }

    @Test
    void everyMethodKeepsAtMostItsShareAndIsMeasuredOnce(@TempDir Path temporary) throws Exception {
        PruningConfig config = config(temporary);
        Path file = temporary.resolve("lines.jsonl");
        PruningRun.Comparison all =
                new PruningRun.Comparison(List.of(GlueTask.STSB), List.of(17L), ALL, List.of(0.5));
        PruningRun.Comparison some =
                new PruningRun.Comparison(
                        List.of(GlueTask.SST2),
                        List.of(17L),
                        List.of(PruneMethod.NEIGHBOURS, PruneMethod.USED_TOKENS),
                        List.of(0.75, 0.5));
        List<PruningFigures> heard = new ArrayList<>();
        for (int shard : new int[] {0, 1, 0}) {
            PruningRun.run(config, all, new int[] {shard, 2}, file, heard::add);
            PruningRun.run(config, some, new int[] {shard, 2}, file, heard::add);
        }
        List<PruningFigures> lines = new JsonLines<>(file, PruningFigures.class).read();
        assertEquals(heard, lines);
        // The teacher; eight methods of layers, five of them also untrained; of the token table
        // two, also untrained. Then the teacher, twice two of four neighbours, once used tokens.
        assertEquals(1 + 8 + 5 + 4 + 1 + 4 + 2, lines.size());
        for (PruningFigures f : lines) {
            assertTrue(f.score() >= -1 && f.score() <= 1, f.toString());
            boolean teacher = f.method().equals(PruningFigures.TEACHER);
            if (!teacher && PruneMethod.labelled(f.method()).isSparse()) {
                // Biases and norms stay: of a layer's weights all but these are in matrices.
                double matrices =
                        (4 * DIM * DIM + 2 * DIM * 64)
                                / (4.0 * DIM * DIM + 2 * DIM * 64 + 9 * DIM + 64);
                assertEquals(1 - (1 - f.share()) * matrices, f.kept(), 1e-3, f.toString());
            } else {
                assertTrue(f.kept() > 0 && f.kept() <= f.share(), f.toString());
            }
        }
        PruningTable table = new PruningTable(lines);
        String markdown =
                table.table("command", "commit", Environment.current(Map.of())).toMarkdown();
        assertTrue(markdown.contains("| progressive "), markdown);
        assertTrue(markdown.contains("50% kept"), markdown);
        assertEquals(
                Set.of(
                        "SST-2-layers",
                        "SST-2-cut",
                        "SST-2-tokens",
                        "STS-B-layers",
                        "STS-B-cut",
                        "STS-B-tokens"),
                table.pictures().keySet());
    }

    @Test
    void neighboursAreOfTheSmallestGroupThatHoldsAShare() {
        assertEquals(4, PruneMethod.group(0.75));
        assertEquals(4, PruneMethod.group(0.5));
        assertEquals(8, PruneMethod.group(0.125));
        assertEquals(0, PruneMethod.group(0.3));
    }

    @Test
    void refusesWhatCannotBe(@TempDir Path temporary) {
        assertEquals(
                PruneMethod.WHOLE_LAYERS, PruneMethod.labelled(PruneMethod.WHOLE_LAYERS.label()));
        assertThrows(IllegalArgumentException.class, () -> PruneMethod.labelled("half"));
        assertThrows(IllegalArgumentException.class, () -> new PruningTable(List.of()));
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new PruningConfig(
                                        temporary,
                                        temporary,
                                        "tiny",
                                        3,
                                        4,
                                        1,
                                        Precision.FLOAT32,
                                        Device.cpu()));
        assertEquals(
                "cuts and limit must be >= 1 and steps >= cuts, got steps=3, cuts=4, limit=1",
                error.getMessage());
    }
}
