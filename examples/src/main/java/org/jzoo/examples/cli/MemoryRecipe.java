package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.jzoo.examples.memory.CopyRuns;
import org.jzoo.examples.memory.CopyTable;

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
            RecipeOptions.prepare(arguments, out);
            terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
            runs.run(CopyRuns.TASK, CopyRuns.STEPS, out, shard[0], shard[1]);
        }
        RecipeOptions.requireLines(out);
        CopyTable table = new CopyTable(CopyRuns.lines(out).read());
        return RecipeOptions.publish(
                out,
                (commit, machine) -> table.table("jzoo reproduce memory", commit, machine),
                table::picture,
                terminal);
    }
}
