package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A recipe of independent runs, each a line; lines that are there already are not made again.
 *
 * @param <R> what describes a run
 */
abstract class RunsRecipe<R> extends RecordedRecipe {

    /** All runs that are asked for. */
    abstract List<R> runs(Arguments arguments) throws IOException;

    /** Tells which runs a file holds. */
    abstract Predicate<R> made(Path lines) throws IOException;

    /** Makes a run, appends its line, and returns what to show of it. */
    abstract Object run(R run, Device device, Path lines) throws IOException;

    @Override
    final int measure(Arguments arguments, Path lines, Terminal terminal) throws IOException {
        List<R> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, lines);
        Predicate<R> made = made(lines);
        Device device = FineTuneOptions.device(arguments);
        terminal.remark("%d runs, figures go to %s", runs.size(), lines);
        for (int i = shard[0]; i < runs.size(); i += shard[1]) {
            if (!made.test(runs.get(i))) {
                terminal.remark("%s", run(runs.get(i), device, lines));
            }
        }
        return Main.OK;
    }
}
