package org.jzoo.examples.deep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.examples.recipe.JsonLines;

/** Every variant with every seed; runs that a file of JSON lines holds are not made again. */
public final class DeepRuns {

    private final List<DeepRun> runs = new ArrayList<>();

    /** All variants, seed by seed. */
    public DeepRuns(List<Long> seeds) {
        for (long seed : seeds) {
            for (DeepVariant variant : DeepVariant.values()) {
                runs.add(new DeepRun(variant, seed));
            }
        }
    }

    /** The runs in order. */
    public List<DeepRun> runs() {
        return List.copyOf(runs);
    }

    /** Makes every {@code shards}-th run from the {@code shard}-th on. */
    public void run(long[] text, DeepConfig config, Path file, int shard, int shards)
            throws IOException {
        JsonLines<DeepRun.Figures> lines = lines(file);
        List<DeepRun.Figures> done = lines.read();
        for (int i = shard; i < runs.size(); i += shards) {
            DeepRun run = runs.get(i);
            if (done.stream().anyMatch(f -> isOf(run, f))) {
                continue;
            }
            DeepRun.Figures figures = run.run(text, config);
            lines.append(List.of(figures));
            System.err.printf(
                    "%s seed %d: loss %.3f%s, %.0f s%n",
                    figures.variant(),
                    figures.seed(),
                    figures.loss(),
                    figures.divergedAt() == 0 ? "" : ", diverged at " + figures.divergedAt(),
                    figures.seconds());
        }
    }

    private static boolean isOf(DeepRun run, DeepRun.Figures figures) {
        return figures.variant().equals(run.variant().label()) && figures.seed() == run.seed();
    }

    /** The file's lines. */
    public static JsonLines<DeepRun.Figures> lines(Path file) {
        return new JsonLines<>(file, DeepRun.Figures.class);
    }
}
