package org.jzoo.examples.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.pruning.PruneMethod;
import org.jzoo.examples.pruning.PruningConfig;
import org.jzoo.examples.pruning.PruningFigures;
import org.jzoo.examples.pruning.PruningRun;
import org.jzoo.examples.pruning.PruningTable;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.Pictures;

/** {@code jzoo reproduce pruning}: quality against size, for each way of pruning. */
final class PruningRecipe extends RecordedRecipe {

    private static final int STEPS = 300;
    private static final String SHARES = "50%,25%,12.5%,75%";

    @Override
    public String name() {
        return "pruning";
    }

    @Override
    public List<String> usage() {
        return List.of("--glue DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                RecipeOptions.glue(),
                FineTuneOptions.valued("models", "NAME", "what is tuned and pruned [bge-small-en]"),
                FineTuneOptions.valued("tasks", "NAMES", "comma-separated tasks [SST-2,MRPC]"),
                FineTuneOptions.valued(
                        "methods",
                        "NAMES",
                        "comma-separated methods [" + PruneMethod.labels() + "]"),
                FineTuneOptions.valued(
                        "shares",
                        "SHARES",
                        "of the layers' or the token table's weights that may stay ["
                                + SHARES
                                + "]"),
                FineTuneOptions.valued("steps", "N", "of training after pruning [300]"),
                FineTuneOptions.valued("cuts", "N", "of progressive pruning [4]"),
                RecipeOptions.limit(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce pruning --glue glue --bf16",
                "jzoo reproduce pruning --glue glue --tasks MRPC --methods magnitude,gradual",
                "jzoo reproduce pruning --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        int cuts = arguments.integer("cuts", 4, 1);
        PruningConfig config =
                new PruningConfig(
                        arguments.existing("glue"),
                        arguments.path("work", out.resolveSibling("pruning-work")),
                        arguments.text("models", "bge-small-en"),
                        arguments.integer("steps", STEPS, cuts),
                        cuts,
                        arguments.integer("limit", Integer.MAX_VALUE, 1),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                        FineTuneOptions.device(arguments));
        PruningRun.Comparison comparison =
                new PruningRun.Comparison(
                        RecipeOptions.list(arguments, "tasks", "SST-2,MRPC", GlueTask::named),
                        RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf),
                        RecipeOptions.list(
                                arguments, "methods", PruneMethod.labels(), PruneMethod::labelled),
                        RecipeOptions.list(arguments, "shares", SHARES, PruningRecipe::share));
        RecipeOptions.prepare(arguments, out);
        terminal.remark("figures go to %s", out);
        PruningRun.run(
                config,
                comparison,
                RecipeOptions.shard(arguments),
                out,
                f ->
                        terminal.remark(
                                "%s seed %d %s, %.1f%% kept, %d steps: %.4f, %s, %.0f s",
                                f.task(),
                                f.seed(),
                                f.method(),
                                100 * f.kept(),
                                f.steps(),
                                f.score(),
                                f.plan(),
                                f.seconds()));
        return Main.OK;
    }

    private static double share(String text) {
        double share = CompressCommand.share(text);
        if (share == 1) {
            throw new IllegalArgumentException("share must be below 100%, got " + text);
        }
        return share;
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        String command =
                MadeBy.of(
                        name(),
                        read(lines).stream().filter(f -> f.steps() > 0).toList(),
                        f ->
                                MadeBy.options("--glue DIR")
                                        .with("steps", f.steps(), STEPS)
                                        .in(f.precision()));
        return new PruningTable(read(lines)).table(command, commit, machine);
    }

    private static List<PruningFigures> read(Path lines) throws IOException {
        return new JsonLines<>(lines, PruningFigures.class).read();
    }

    @Override
    void written(Arguments arguments, Path folder, Terminal terminal) throws IOException {
        PruningTable table = new PruningTable(read(arguments.path("out", lines(arguments))));
        for (Map.Entry<String, BufferedImage> each : table.pictures().entrySet()) {
            Path image = folder.resolve("pruning-%s.png".formatted(each.getKey()));
            Pictures.write(each.getValue(), image);
            terminal.remark("picture %s", image);
        }
    }
}
