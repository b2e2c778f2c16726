package org.jzoo.examples.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.examples.recipe.JsonLines;

/**
 * Every kind of memory with every seed; runs that a file of JSON lines holds are not made again.
 */
public final class CopyRuns {

    /** The published task: shown in the first of four segments, asked for in the fourth. */
    public static final CopyTask TASK = new CopyTask(8, 4, 3);

    /** The steps that a run may make. */
    public static final int STEPS = 400;

    private final List<CopyRun> runs = new ArrayList<>();

    /** All kinds of memory, seed by seed. */
    public CopyRuns(List<Long> seeds) {
        for (long seed : seeds) {
            for (CopyMemory memory : CopyMemory.values()) {
                runs.add(new CopyRun(memory, seed));
            }
        }
    }

    /** The runs in order. */
    public List<CopyRun> runs() {
        return List.copyOf(runs);
    }

    /** Makes every {@code shards}-th run from the {@code shard}-th on. */
    public void run(CopyTask task, int steps, Path file, int shard, int shards) throws IOException {
        JsonLines<CopyRun.Figures> lines = lines(file);
        List<CopyRun.Figures> done = lines.read();
        for (int i = shard; i < runs.size(); i += shards) {
            CopyRun run = runs.get(i);
            if (done.stream().anyMatch(f -> isOf(run, f))) {
                continue;
            }
            CopyRun.Figures figures = run.run(task, steps);
            lines.append(List.of(figures));
            System.err.printf(
                    "%s seed %d: accuracy %.3f after %d steps, %.0f s%n",
                    figures.memory(),
                    figures.seed(),
                    figures.accuracy(),
                    figures.steps(),
                    figures.seconds());
        }
    }

    private static boolean isOf(CopyRun run, CopyRun.Figures figures) {
        return figures.memory().equals(run.memory().label()) && figures.seed() == run.seed();
    }

    /** The file's lines. */
    public static JsonLines<CopyRun.Figures> lines(Path file) {
        return new JsonLines<>(file, CopyRun.Figures.class);
    }
}
