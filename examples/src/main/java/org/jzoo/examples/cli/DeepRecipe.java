package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.deep.DeepConfig;
import org.jzoo.examples.deep.DeepRun;
import org.jzoo.examples.deep.DeepRuns;
import org.jzoo.examples.deep.DeepTable;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;

/** {@code jzoo reproduce deep-stack}: which stacks of 64 layers train. */
final class DeepRecipe implements Recipe {

    @Override
    public String name() {
        return "deep-stack";
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
        return List.of("jzoo reproduce deep-stack");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", Path.of("results/deep-stack.jsonl"));
        int[] shard = RecipeOptions.shard(arguments);
        if (!arguments.has("table")) {
            DeepRuns runs =
                    new DeepRuns(
                            RecipeOptions.list(
                                    arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf));
            RecipeOptions.setThreads(arguments);
            Files.createDirectories(RecipeOptions.folderOf(out));
            terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
            runs.run(DeepRun.text(), DeepConfig.full(), out, shard[0], shard[1]);
        }
        RecipeOptions.requireLines(out);
        DeepTable table =
                new DeepTable(DeepRuns.lines(out).read(), DeepRun.entropy(DeepRun.text()));
        ResultsFile file =
                table.table(
                        "jzoo reproduce deep-stack",
                        SourceCommit.of(RecipeOptions.folderOf(out)),
                        RecipeOptions.environment());
        return RecipeOptions.publish(file, table.picture(), RecipeOptions.folderOf(out), terminal);
    }
}
