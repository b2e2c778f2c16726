package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.mixture.MixtureRun;
import org.jzoo.examples.mixture.MixtureRuns;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;
import org.jzoo.training.report.picture.Pictures;

/** {@code jzoo reproduce experts}: experts specialise where a dense layer has to hold it all. */
final class ExpertsRecipe implements Recipe {

    private static final int STEPS = 1500;

    @Override
    public String name() {
        return "experts";
    }

    @Override
    public List<String> usage() {
        return List.of("[options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo reproduce experts");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", Path.of("results/experts-mixture.jsonl"));
        if (!arguments.has("table")) {
            RecipeOptions.setThreads(arguments);
            Files.createDirectories(RecipeOptions.folderOf(out));
            MixtureRuns.run(
                    RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf),
                    arguments.integer("steps", STEPS, 1),
                    out,
                    FineTuneOptions.device(arguments),
                    RecipeOptions.shard(arguments),
                    line -> terminal.remark("%s", line));
        }
        RecipeOptions.requireLines(out);
        Path folder = RecipeOptions.folderOf(out);
        List<MixtureRun.Figures> figures = MixtureRuns.read(out);
        ResultsFile file =
                MixtureRuns.table(
                        figures,
                        "jzoo reproduce experts",
                        SourceCommit.of(folder),
                        RecipeOptions.environment());
        Path written = file.write(folder);
        Path picture = folder.resolve("experts-mixture.png");
        Pictures.write(MixtureRuns.picture(figures), picture);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s and %s", written, picture);
        return Main.OK;
    }
}
