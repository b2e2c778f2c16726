package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.recipe.GridQuestions;
import org.jzoo.examples.recipe.ShapeQuestions;
import org.jzoo.examples.recipe.VqaConfig;
import org.jzoo.examples.recipe.VqaData;
import org.jzoo.examples.recipe.VqaRun;
import org.jzoo.examples.recipe.VqaTable;
import org.jzoo.examples.recipe.VqaVariant;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce j1}: questions about pictures, J1 against what it is compared with. */
final class J1Recipe extends RunsRecipe<VqaConfig> {

    private static final String ALL =
            Arrays.stream(VqaVariant.values())
                    .map(VqaVariant::label)
                    .collect(Collectors.joining(","));

    private enum Data {
        CLEVR,
        GRIDS
    }

    @Override
    public String name() {
        return "j1";
    }

    @Override
    public List<String> usage() {
        return List.of("[options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "data", "NAME", "clevr, drawn by seed, or grids of garments [clevr]"),
                FineTuneOptions.valued(
                        "pictures-folder",
                        "DIR",
                        "grids: what datasets/scripts/fetch-pictures fashion-mnist fetched"),
                RecipeOptions.variants(ALL),
                FineTuneOptions.valued(
                        "epochs", "N", "passes over the training pictures [80; grids: 30]"),
                FineTuneOptions.valued(
                        "pictures", "N", "training pictures that are used [9800; grids: 20000]"),
                FineTuneOptions.valued(
                        "batch-pictures",
                        "N",
                        "pictures of a batch, each with all its questions [64]"),
                FineTuneOptions.flag(
                        "mirror",
                        "clevr: mirrors training pictures at random, and the answers about sides"),
                RecipeOptions.rate("0.0003"),
                RecipeOptions.save(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce j1",
                "jzoo reproduce j1 --variants full,text-only --seeds 17 --save models",
                "jzoo reproduce j1 --data grids --pictures-folder fashion-mnist",
                "jzoo reproduce j1 --table");
    }

    @Override
    Path lines(Arguments arguments) {
        String name = VqaTable.name(kind(arguments).name().toLowerCase(Locale.ROOT));
        return Path.of("results", name + ".jsonl");
    }

    @Override
    List<VqaConfig> runs(Arguments arguments) {
        VqaData data = data(arguments);
        List<VqaConfig> runs = new ArrayList<>();
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            for (VqaVariant variant :
                    RecipeOptions.list(arguments, "variants", ALL, VqaVariant::named)) {
                runs.add(config(arguments, data, variant, seed));
            }
        }
        return runs;
    }

    @Override
    Predicate<VqaConfig> made(Path lines) throws IOException {
        List<VqaRun.Figures> done = VqaRun.read(lines);
        return config -> done.stream().anyMatch(figures -> figures.isOf(config));
    }

    @Override
    Object run(VqaConfig run, Device device, Path lines) throws IOException {
        return VqaRun.run(run, device, lines);
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<VqaRun.Figures> figures = VqaRun.read(lines);
        String command = MadeBy.of(name(), figures, VqaRun.Figures::variant, J1Recipe::options);
        return VqaTable.of(figures, command, commit, machine);
    }

    private static MadeBy options(VqaRun.Figures f) {
        boolean shapes = f.data().equals(new ShapeQuestions().name());
        VqaData data = shapes ? new ShapeQuestions() : new GridQuestions(Path.of(""));
        MadeBy options =
                MadeBy.options(shapes ? "" : "--data grids --pictures-folder DIR")
                        .with("epochs", f.epochs(), data.epochs())
                        .with("pictures", f.pictures(), data.pictures())
                        .in(f.precision());
        return f.mirrored() ? options.add("--mirror") : options;
    }

    private static Data kind(Arguments arguments) {
        return arguments.choice("data", Data.class, Data.CLEVR);
    }

    private static VqaData data(Arguments arguments) {
        if (kind(arguments) == Data.CLEVR) {
            return new ShapeQuestions();
        }
        if (!arguments.has("pictures-folder")) {
            throw new UsageException(
                    "--pictures-folder must name the folder that datasets/scripts/fetch-pictures"
                            + " fashion-mnist filled, got none");
        }
        if (arguments.has("mirror")) {
            throw new UsageException("--mirror must be left out for grids: rows are asked for");
        }
        return new GridQuestions(Path.of(arguments.text("pictures-folder")));
    }

    private static VqaConfig config(
            Arguments arguments, VqaData data, VqaVariant variant, long seed) {
        VqaConfig.Builder config =
                VqaConfig.builder(variant, data)
                        .optSeed(seed)
                        .optPrecision(
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                        .optEpochs(arguments.integer("epochs", data.epochs(), 1))
                        .optMirrored(arguments.has("mirror"))
                        .optPictures(arguments.integer("pictures", data.pictures(), 1))
                        .optBatchPictures(
                                arguments.integer("batch-pictures", VqaConfig.BATCH_PICTURES, 1))
                        .optLearningRate(
                                arguments.number("rate", VqaConfig.LEARNING_RATE, 1e-9, 1));
        String name = "%s-%s-%d".formatted(VqaTable.name(data.name()), variant.label(), seed);
        if (arguments.has("save")) {
            config.optSaveTo(Path.of(arguments.text("save")).resolve(name));
        }
        if (arguments.has("work")) {
            config.optWork(Path.of(arguments.text("work")).resolve(name));
        }
        return config.build();
    }
}
