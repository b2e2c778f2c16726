package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;

/**
 * A recipe of independent runs, each a line of a file; lines that are there already are not made
 * again.
 *
 * @param <R> what describes a run
 */
abstract class RunsRecipe<R> implements Recipe {

    /** Where the lines go unless {@code --out} says otherwise. */
    abstract Path lines(Arguments arguments);

    /** All runs that are asked for. */
    abstract List<R> runs(Arguments arguments) throws IOException;

    /** Tells which runs a file holds. */
    abstract Predicate<R> made(Path lines) throws IOException;

    /** Makes a run, appends its line, and returns what to show of it. */
    abstract Object run(R run, Device device, Path lines) throws IOException;

    /** Summarises a file of lines. */
    abstract ResultsFile table(Path lines, String command, String commit, Environment machine)
            throws IOException;

    @Override
    public final int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", lines(arguments));
        return arguments.has("table")
                ? table(arguments, out, terminal)
                : measure(arguments, out, terminal);
    }

    private int measure(Arguments arguments, Path out, Terminal terminal) throws IOException {
        List<R> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        Predicate<R> made = made(out);
        Device device = FineTuneOptions.device(arguments);
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        for (int i = shard[0]; i < runs.size(); i += shard[1]) {
            if (!made.test(runs.get(i))) {
                terminal.remark("%s", run(runs.get(i), device, out));
            }
        }
        terminal.remark("done; %s --table makes the table", command());
        return Main.OK;
    }

    private int table(Arguments arguments, Path out, Terminal terminal) throws IOException {
        RecipeOptions.requireLines(out);
        Path folder = RecipeOptions.folderOf(out);
        ResultsFile file =
                table(
                        out,
                        command(),
                        SourceCommit.of(folder),
                        RecipeOptions.environment(arguments));
        Path written = file.write(folder);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s", written);
        return Main.OK;
    }

    private String command() {
        return "jzoo reproduce " + name();
    }
}
