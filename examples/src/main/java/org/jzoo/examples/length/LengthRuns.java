package org.jzoo.examples.length;

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
 * Many {@link LengthRun}s, one after another, each appended to a file of JSON lines when it is
 * done; runs that the file holds already are not made again. Several processes may share the work.
 */
public final class LengthRuns {

    private final List<LengthRun> runs = new ArrayList<>();

    /** All combinations, seed by seed. */
    public LengthRuns(List<LengthScheme> schemes, List<Long> seeds) {
        for (long seed : seeds) {
            for (LengthScheme scheme : schemes) {
                runs.add(new LengthRun(scheme, seed));
            }
        }
    }

    /** The runs in order. */
    public List<LengthRun> runs() {
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
            LengthText text,
            LengthConfig config,
            Path file,
            Path work,
            Device device,
            int shard,
            int shards)
            throws IOException {
        Set<LengthRun> done = new HashSet<>();
        for (LengthRun.Figures figures : read(file)) {
            if (!figures.scheme().contains(",")) {
                done.add(new LengthRun(LengthScheme.labelled(figures.scheme()), figures.seed()));
            }
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            for (int i = shard; i < runs.size() && !stop.requested(); i += shards) {
                if (!done.contains(runs.get(i))) {
                    append(file, runs.get(i).run(text, config, device, work, stop));
                }
            }
            return !stop.requested();
        }
    }

    private static void append(Path file, List<LengthRun.Figures> all) throws IOException {
        lines(file).append(all);
        for (LengthRun.Figures figures : all) {
            System.err.printf(
                    "%s seed %d, %s: bits %s, %.0f s, %.0f tokens/s%n",
                    figures.scheme(),
                    figures.seed(),
                    figures.judged(),
                    figures.bits(),
                    figures.seconds(),
                    figures.tokensPerSecond());
        }
    }

    /** The figures that a file holds; empty if there is no file. */
    public static List<LengthRun.Figures> read(Path file) throws IOException {
        return lines(file).read();
    }

    private static JsonLines<LengthRun.Figures> lines(Path file) {
        return new JsonLines<>(file, LengthRun.Figures.class);
    }
}
