package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.jzoo.examples.deep.DeepConfig;
import org.jzoo.examples.deep.DeepRun;
import org.jzoo.examples.deep.DeepRuns;
import org.jzoo.examples.deep.DeepTable;

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
            RecipeOptions.prepare(arguments, out);
            terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
            runs.run(DeepRun.text(), DeepConfig.full(), out, shard[0], shard[1]);
        }
        RecipeOptions.requireLines(out);
        DeepTable table =
                new DeepTable(DeepRuns.lines(out).read(), DeepRun.entropy(DeepRun.text()));
        return RecipeOptions.publish(
                out,
                (commit, machine) -> table.table("jzoo reproduce deep-stack", commit, machine),
                table::picture,
                terminal);
    }
}
