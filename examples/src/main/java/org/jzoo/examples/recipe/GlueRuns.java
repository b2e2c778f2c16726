package org.jzoo.examples.recipe;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.Regularization;

/**
 * Many {@link GlueRun}s, one after another, each appended to a file of JSON lines when it is done;
 * runs that the file holds already are not made again. Several processes may share the work.
 */
public final class GlueRuns {

    private final List<GlueRun> runs = new ArrayList<>();

    /** All combinations, the longest tasks first. */
    public GlueRuns(
            List<String> models,
            List<GlueTask> tasks,
            List<String> tunings,
            Regularization regularization,
            List<Long> seeds) {
        for (GlueTask task : tasks) {
            for (long seed : seeds) {
                for (String model : models) {
                    for (String tuning : tunings) {
                        runs.add(new GlueRun(model, task, tuning, regularization, seed));
                    }
                }
            }
        }
    }

    /** The runs in order. */
    public List<GlueRun> runs() {
        return List.copyOf(runs);
    }

    /**
     * Makes every {@code shards}-th run from the {@code shard}-th on.
     *
     * @param file of JSON lines, created if missing
     */
    public void run(Path glue, Path file, Device device, Precision precision, int shard, int shards)
            throws Exception {
        Set<GlueRun> done = new HashSet<>();
        for (GlueRun.Figures figures : read(file)) {
            done.add(key(figures));
        }
        for (int i = shard; i < runs.size(); i += shards) {
            GlueRun run = runs.get(i);
            if (done.contains(run)) {
                continue;
            }
            GlueRun.Figures figures = run.run(glue, device, precision);
            lines(file).append(List.of(figures));
            System.err.printf(
                    "%s %s %s seed %d: %s in %.0f s, %.0f tokens/s%n",
                    run.model(),
                    run.task().folder(),
                    run.tuning(),
                    run.seed(),
                    figures.metrics(),
                    figures.seconds(),
                    figures.tokensPerSecond());
        }
    }

    /** The figures that a file holds; empty if there is no file. */
    public static List<GlueRun.Figures> read(Path file) throws IOException {
        return lines(file).read();
    }

    private static JsonLines<GlueRun.Figures> lines(Path file) {
        return new JsonLines<>(file, GlueRun.Figures.class);
    }

    private static GlueRun key(GlueRun.Figures figures) {
        return new GlueRun(
                figures.model(),
                GlueTask.named(figures.task()),
                figures.tuning(),
                figures.regularization(),
                figures.seed());
    }
}
