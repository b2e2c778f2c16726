package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.retrieval.RetrievalConfig;
import org.jzoo.examples.retrieval.RetrievalData;
import org.jzoo.examples.retrieval.RetrievalRun;
import org.jzoo.examples.retrieval.RetrievalTable;
import org.jzoo.examples.retrieval.RetrievalVariant;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce retrieval}: emoji and flags found by their texts, and the reverse. */
final class RetrievalRecipe extends RunsRecipe<RetrievalRecipe.Run> {

    private static final List<String> STYLES = List.of("google", "twitter");
    private static final String ALL =
            Arrays.stream(RetrievalVariant.values())
                    .map(RetrievalVariant::label)
                    .collect(Collectors.joining(","));

    /** A run with its data. */
    record Run(RetrievalConfig config, RetrievalData data) {}

    private enum Data {
        EMOJI,
        FLAGS
    }

    @Override
    public String name() {
        return "retrieval";
    }

    @Override
    public List<String> usage() {
        return List.of("--pictures-folder DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("data", "NAME", "emoji or flags [emoji]"),
                FineTuneOptions.valued(
                        "pictures-folder",
                        "DIR",
                        "what datasets/scripts/fetch-pictures emoji, or flags, fetched"),
                FineTuneOptions.valued(
                        "style", "NAME", "emoji: learns from google or twitter [google]"),
                RecipeOptions.variants(ALL),
                FineTuneOptions.valued("epochs", "N", "passes over the training pairs [400]"),
                FineTuneOptions.valued("batch-size", "N", "pairs of a batch [256]"),
                RecipeOptions.rate("0.001"),
                RecipeOptions.save(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce retrieval --pictures-folder emoji",
                "jzoo reproduce retrieval --pictures-folder flags --data flags --variants j1",
                "jzoo reproduce retrieval --table");
    }

    @Override
    List<Run> runs(Arguments arguments) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            RetrievalData data = data(arguments, seed);
            for (RetrievalVariant variant :
                    RecipeOptions.list(arguments, "variants", ALL, RetrievalVariant::named)) {
                runs.add(new Run(config(arguments, variant, seed), data));
            }
        }
        return runs;
    }

    @Override
    Predicate<Run> made(Path lines) throws IOException {
        List<RetrievalRun.Figures> done = RetrievalRun.read(lines);
        return run ->
                done.stream().anyMatch(figures -> figures.isOf(run.config(), run.data().trained()));
    }

    @Override
    Object run(Run run, Device device, Path lines) throws IOException {
        return RetrievalRun.run(run.config(), run.data(), device, lines);
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<RetrievalRun.Figures> figures = RetrievalRun.read(lines);
        String command =
                MadeBy.of(
                        name(),
                        figures,
                        f ->
                                MadeBy.options("--pictures-folder DIR" + data(f.trained()))
                                        .with("epochs", f.epochs(), RetrievalConfig.EPOCHS)
                                        .in(f.precision()));
        return RetrievalTable.of(figures, command, commit, machine);
    }

    private static String data(String trained) {
        if (trained.equals(STYLES.get(0))) {
            return "";
        }
        return STYLES.contains(trained) ? " --style " + trained : " --data " + trained;
    }

    private static RetrievalData data(Arguments arguments, long seed) {
        Path folder = arguments.existing("pictures-folder");
        if (arguments.choice("data", Data.class, Data.EMOJI) == Data.FLAGS) {
            return RetrievalData.flags(folder, seed);
        }
        String style = arguments.text("style", STYLES.get(0));
        if (!STYLES.contains(style)) {
            throw new UsageException("--style must be one of %s, got %s".formatted(STYLES, style));
        }
        String other = STYLES.get(1 - STYLES.indexOf(style));
        return RetrievalData.emoji(folder, style, other, seed);
    }

    private static RetrievalConfig config(
            Arguments arguments, RetrievalVariant variant, long seed) {
        RetrievalConfig.Builder config =
                RetrievalConfig.builder(variant)
                        .optSeed(seed)
                        .optEpochs(arguments.integer("epochs", RetrievalConfig.EPOCHS, 1))
                        .optBatchSize(
                                arguments.integer("batch-size", RetrievalConfig.BATCH_SIZE, 2))
                        .optPrecision(
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        if (arguments.has("rate")) {
            config.optLearningRate(arguments.number("rate", 1, 1e-9, 1));
        }
        String name =
                "%s-%s-%d"
                        .formatted(
                                variant.label(),
                                arguments.choice("data", Data.class, Data.EMOJI) == Data.FLAGS
                                        ? "flags"
                                        : arguments.text("style", STYLES.get(0)),
                                seed);
        if (arguments.has("save") && variant.isJ1()) {
            config.optSaveTo(Path.of(arguments.text("save")).resolve(name));
        }
        if (arguments.has("work")) {
            config.optWork(Path.of(arguments.text("work")).resolve(name));
        }
        return config.build();
    }
}
