package org.jzoo.examples.recall;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.loop.StopSignal;

/**
 * Many {@link RecallRun}s, one after another, each appended to a file of JSON lines when it is
 * done; runs that the file holds already are not made again. Several processes may share the work.
 */
public final class RecallRuns {

    private final List<RecallRun> runs = new ArrayList<>();

    /** All combinations, seed by seed. */
    public RecallRuns(List<RecallVariant> variants, List<Long> seeds) {
        for (long seed : seeds) {
            for (RecallVariant variant : variants) {
                runs.add(new RecallRun(variant, seed));
            }
        }
    }

    /** The runs in order. */
    public List<RecallRun> runs() {
        return List.copyOf(runs);
    }

    /**
     * Makes every {@code shards}-th run from the {@code shard}-th on, until it is told to stop:
     * what was begun goes on at the next start if there is a folder to work in.
     *
     * @param file of JSON lines, created if missing
     * @param work where checkpoints are kept; null to keep none
     * @return whether all of them are done
     */
    public boolean run(
            RecallText text,
            RecallConfig config,
            Path file,
            Path work,
            Device device,
            int shard,
            int shards)
            throws IOException {
        Set<RecallRun> done = new HashSet<>();
        for (RecallRun.Figures figures : read(file)) {
            done.add(new RecallRun(RecallVariant.labelled(figures.variant()), figures.seed()));
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            for (int i = shard; i < runs.size() && !stop.requested(); i += shards) {
                if (!done.contains(runs.get(i))) {
                    RecallRun.Figures figures = runs.get(i).run(text, config, device, work, stop);
                    if (figures != null) {
                        lines(file).append(List.of(figures));
                    }
                }
            }
            return !stop.requested();
        }
    }

    /** The figures that a file holds; empty if there is no file. */
    public static List<RecallRun.Figures> read(Path file) throws IOException {
        return lines(file).read();
    }

    private static JsonLines<RecallRun.Figures> lines(Path file) {
        return new JsonLines<>(file, RecallRun.Figures.class);
    }
}
