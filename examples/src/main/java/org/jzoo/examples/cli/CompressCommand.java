package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.examples.compress.CompressConfig;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.report.picture.HeatPicture;
import org.jzoo.training.report.picture.Pictures;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo compress}: a small fast model from a tuned one. */
final class CompressCommand implements Command {

    private static final FineTuneOptions.Defaults USUAL =
            FineTuneOptions.Defaults.full(10, 32, 128, 3e-4, 0.01);

    @Override
    public String name() {
        return "compress";
    }

    @Override
    public String summary() {
        return "Makes a tuned text model smaller: leaves out tokens, layers, heads and channels"
                + " that matter least, and lets the rest learn from the whole model.";
    }

    @Override
    public String usage() {
        return "--model DIR --train FILE --params SHARE --out DIR [options]";
    }

    @Override
    public Options options() {
        Options options = FineTuneOptions.options();
        options.addOption(
                FineTuneOptions.valued("params", "SHARE", "weights that may stay, such as 25%"));
        options.addOption(
                FineTuneOptions.flag(
                        "all-tokens", "keeps tokens that the training texts do not use"));
        options.addOption(
                FineTuneOptions.valued(
                        "label-share",
                        "X",
                        "share of the labels in the loss, the rest is what the model says [0.3]"));
        options.addOption(
                FineTuneOptions.valued("temperature", "T", "of both models' answers [2]"));
        options.addOption(
                FineTuneOptions.valued(
                        "importance-batches", "N", "batches that measure importance [64]"));
        FineTuneCommand.dataOptions().forEach(options::addOption);
        options.addOption(FineTuneOptions.valued("out", "DIR", "folder for the small model"));
        options.addOption(
                FineTuneOptions.valued(
                        "work", "DIR", "folder for checkpoints and logs [DIR of --out with -run]"));
        options.addOption(FineTuneOptions.flag("resume", "goes on from the last checkpoint"));
        options.addOption(FineTuneOptions.flag("overwrite", "replaces a model that is in --out"));
        options.addOption(FineTuneOptions.flag("half", "stores weights in 16 bits"));
        options.addOption(FineTuneOptions.flag("json", "prints the result as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo compress --model my-model --train train.csv --test test.csv --params 25%"
                        + " --out small",
                "jzoo compress --model my-model --train train.csv --params 50% --all-tokens --half"
                        + " --out half");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = Path.of(arguments.text("out"));
        if (Files.exists(out) && !arguments.has("overwrite")) {
            throw new UsageException(
                    "--out must not exist yet, got %s; --overwrite replaces it".formatted(out));
        }
        double share = share(arguments.text("params"));
        arguments.text("model");
        Path work = arguments.path("work", out.resolveSibling(out.getFileName() + "-run"));
        CompressConfig config =
                new CompressConfig(
                        share,
                        !arguments.has("all-tokens"),
                        arguments.number("label-share", 0.3, 0, 1),
                        arguments.number("temperature", 2, 1e-3, 1e3),
                        arguments.integer("importance-batches", 64, 1),
                        FineTuneOptions.config(arguments, USUAL, work, arguments.has("resume")));
        String name = config.training().model();
        try (LoadedModel whole = Models.load(name, config.training().device())) {
            LabelSet labels = Compression.labels(whole);
            if (arguments.has("regression") != (labels == null)) {
                throw new UsageException(
                        "--regression must be given exactly for models that give numbers, %s was made for %s"
                                .formatted(name, TaskWords.of(whole.config().task())));
            }
            TextData data = FineTuneCommand.data(arguments, TextFiles::open).withLabels(labels);
            terminal.remark("measuring what matters in %s", name);
            try (Compression compression = Compression.of(whole, config, data)) {
                show(compression, whole, terminal);
                Files.createDirectories(work);
                draw(compression, work, terminal);
                return new FineTuneRun(
                                config.training(),
                                compression.training(),
                                "teacher %s, data %s".formatted(name, data.name()),
                                terminal)
                        .saving(arguments.has("half") ? Saved.HALF : Saved.MODEL)
                        .withJson(arguments.has("json"))
                        .run(out)
                        .exitCode();
            }
        }
    }

    static double share(String text) {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        try {
            double share = Double.parseDouble(number) / (text.endsWith("%") ? 100 : 1);
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // Told below, with what else is wrong.
        }
        throw new UsageException(
                "--params must be above 0%% and at most 100%%, such as 25%% or 0.25, got %s"
                        .formatted(text));
    }

    private static void show(Compression compression, LoadedModel whole, Terminal terminal)
            throws IOException {
        terminal.remark(
                "%,d weights; of %d layers stay %d, with %d heads and %d channels each",
                whole.numParameters(),
                compression.importance().numLayers(),
                compression.plan().layers(),
                compression.plan().heads(),
                compression.plan().channels());
        for (Map.Entry<String, Map<String, Double>> each : compression.before().entrySet()) {
            StringBuilder line = new StringBuilder();
            each.getValue()
                    .forEach(
                            (metric, value) ->
                                    line.append(
                                            metric.equals("weights")
                                                    ? String.format(
                                                            Locale.ROOT, " %,.0f weights", value)
                                                    : String.format(
                                                            Locale.ROOT,
                                                            ", %s %.4f",
                                                            metric,
                                                            value)));
            terminal.remark("%-12s%s", each.getKey(), line);
        }
    }

    private static void draw(Compression compression, Path work, Terminal terminal) {
        double[][] shares = compression.headShares();
        Path file = work.resolve("importance.png");
        boolean drawn =
                Pictures.tryWrite(
                        file,
                        () ->
                                new HeatPicture("Importance of heads", "layer", "head")
                                        .draw(
                                                Compression.numbers(shares.length),
                                                Compression.numbers(shares[0].length),
                                                shares));
        if (drawn) {
            terminal.remark("picture %s", file);
        }
    }
}
