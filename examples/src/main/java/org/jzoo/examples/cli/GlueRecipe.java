package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.Regularization;
import org.jzoo.examples.recipe.GlueRun;
import org.jzoo.examples.recipe.GlueRuns;
import org.jzoo.examples.recipe.GlueSpeedTable;
import org.jzoo.examples.recipe.GlueTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ReadmeTables;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce glue}: models fine-tuned on GLUE. */
final class GlueRecipe extends RecordedRecipe {

    @Override
    public String name() {
        return "glue";
    }

    @Override
    public List<String> usage() {
        return List.of("--glue DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(FineTuneOptions.regularization());
        List<Option> own =
                List.of(
                        RecipeOptions.glue(),
                        FineTuneOptions.valued(
                                "models",
                                "NAMES",
                                "comma-separated models [minilm-l6,bge-small-en]"),
                        FineTuneOptions.valued(
                                "tasks",
                                "NAMES",
                                "comma-separated tasks [SST-2,CoLA,STS-B,MRPC,RTE]"),
                        FineTuneOptions.valued(
                                "tunings", "KINDS", "comma-separated kinds [full,lora]"),
                        RecipeOptions.machine(),
                        RecipeOptions.commit(),
                        FineTuneOptions.flag(
                                "speed",
                                "with --table: tokens a second and memory, a row for each task; the"
                                        + " table is named as --out"),
                        FineTuneOptions.valued(
                                "document",
                                "FILE",
                                "README to show the table in [none: jzoo readme does it]"));
        options.addAll(own);
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce glue --glue glue",
                "jzoo reproduce glue --glue glue --models minilm-l6 --tasks RTE --seeds 17",
                "jzoo reproduce glue --glue glue --tasks MRPC --seeds 17 --out results/speed.jsonl",
                "jzoo reproduce glue --table --speed --out results/speed.jsonl",
                "jzoo reproduce glue --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path glue = arguments.existing("glue");
        List<String> tunings =
                RecipeOptions.list(arguments, "tunings", "full,lora", GlueRecipe::tuning);
        Regularization regularization = FineTuneOptions.regularization(arguments);
        if (regularization.perturbation() > 0 && !tunings.equals(List.of("full"))) {
            throw new UsageException(
                    "--perturbation must come with --tunings full: it moves word embeddings that"
                            + " learn, got --tunings "
                            + String.join(",", tunings));
        }
        GlueRuns runs =
                new GlueRuns(
                        RecipeOptions.list(
                                arguments, "models", "minilm-l6,bge-small-en", name -> name),
                        RecipeOptions.list(
                                arguments, "tasks", "SST-2,CoLA,STS-B,MRPC,RTE", GlueTask::named),
                        tunings,
                        regularization,
                        RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf));
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
        runs.run(
                glue,
                out,
                FineTuneOptions.device(arguments),
                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                shard[0],
                shard[1]);
        return Main.OK;
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<GlueRun.Figures> figures = GlueRuns.read(lines);
        return GlueTable.of(figures, command(figures), commit, machine);
    }

    @Override
    ResultsFile table(Arguments arguments, Path lines, String commit, Environment machine)
            throws IOException {
        if (!arguments.has("speed")) {
            return table(lines, commit, machine);
        }
        List<GlueRun.Figures> figures = GlueRuns.read(lines);
        String name = lines.getFileName().toString().replaceAll("\\.jsonl$", "");
        String command =
                MadeBy.naming(name(), "tasks", figures, GlueRun.Figures::task, GlueRecipe::trained);
        return GlueSpeedTable.of(figures, name, command, commit, machine);
    }

    private static MadeBy trained(GlueRun.Figures f) {
        return options(f).add("--models " + f.model()).add("--tunings " + f.tuning());
    }

    private String command(List<GlueRun.Figures> figures) {
        return MadeBy.of(name(), figures, GlueRecipe::options);
    }

    private static MadeBy options(GlueRun.Figures f) {
        Regularization learnt = f.regularization();
        return MadeBy.options("--glue DIR")
                .with("smoothing", learnt.smoothing(), 0.0)
                .with("averaging", learnt.averaging(), 0.0)
                .with("agreement", learnt.agreement(), 0.0)
                .with("perturbation", learnt.perturbation(), 0.0)
                .in(f.precision());
    }

    @Override
    void written(Arguments arguments, Path folder, Terminal terminal) throws IOException {
        if (arguments.has("document")) {
            Path document = arguments.existing("document");
            ReadmeTables.update(document, folder);
            terminal.remark("%s shows it", document);
        }
    }

    private static String tuning(String word) {
        if (!word.equals("full") && !word.equals("lora")) {
            throw new IllegalArgumentException("tuning must be full or lora, got tuning=" + word);
        }
        return word;
    }
}
