package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.memory.CopyRuns;
import org.jzoo.examples.memory.CopyTable;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;

/** {@code jzoo reproduce memory}: copying across segments, with and without memory. */
final class MemoryRecipe implements Recipe {

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<String> usage() {
        return List.of("[--table]");
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo reproduce memory");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", Path.of("results/memory-copy.jsonl"));
        int[] shard = RecipeOptions.shard(arguments);
        if (!arguments.has("table")) {
            CopyRuns runs =
                    new CopyRuns(
                            RecipeOptions.list(
                                    arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf));
            RecipeOptions.setThreads(arguments);
            Files.createDirectories(RecipeOptions.folderOf(out));
            terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
            runs.run(CopyRuns.TASK, CopyRuns.STEPS, out, shard[0], shard[1]);
        }
        RecipeOptions.requireLines(out);
        CopyTable table = new CopyTable(CopyRuns.lines(out).read());
        ResultsFile file =
                table.table(
                        "jzoo reproduce memory",
                        SourceCommit.of(RecipeOptions.folderOf(out)),
                        RecipeOptions.environment());
        return RecipeOptions.publish(file, table.picture(), RecipeOptions.folderOf(out), terminal);
    }
}
