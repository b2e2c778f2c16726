package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.examples.compress.CompressConfig;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.TeacherAnswers;
import org.jzoo.examples.recipe.VqaLessons;
import org.jzoo.training.report.picture.HeatPicture;
import org.jzoo.training.report.picture.Pictures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;

/** {@code jzoo compress}: a small fast model from a tuned one. */
final class CompressCommand implements Command {

    private static final FineTuneOptions.Defaults USUAL =
            FineTuneOptions.Defaults.full(10, 32, 128, 3e-4, 0.01);
    // The joint attention of a J1 passes on what its answers do not show.
    private static final double HIDDEN_WEIGHT = 1;

    @Override
    public String name() {
        return "compress";
    }

    @Override
    public String summary() {
        return "Makes a tuned text model, or a J1 that answers questions about pictures, smaller:"
                + " leaves out tokens, layers, heads and channels that matter least, lets the rest"
                + " learn from the whole model, and gives its weights few bits.";
    }

    @Override
    public String usage() {
        return "--model NAME --train FILE --params SHARE --out DIR [options]";
    }

    @Override
    public Options options() {
        Options options = FineTuneOptions.options(USUAL);
        options.addOption(
                FineTuneOptions.valued(
                        "model",
                        "NAME",
                        "tuned text model or J1, of the zoo or in a folder, which teaches"));
        options.addOption(
                FineTuneOptions.valued("params", "SHARE", "weights that may stay, such as 25%"));
        options.addOption(
                FineTuneOptions.valued(
                        "bits", "N", "4 or 8: goes on with rounded weights and packs them [no]"));
        options.addOption(
                FineTuneOptions.valued(
                        "cuts",
                        "N",
                        "cuts in N times, with an N-th of the epochs between, at least one [1]"));
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
        options.addOption(
                FineTuneOptions.valued(
                        "hidden",
                        "X",
                        "weight of the whole model's hidden states in the loss [0; a J1: 1]"));
        options.addOption(
                FineTuneOptions.valued(
                        "answers",
                        "FILE",
                        "keeps what the whole model says of the texts, for runs to come ["
                                + TeacherAnswers.FILE_NAME
                                + " in --work]"));
        FineTuneCommand.dataOptions().forEach(options::addOption);
        QuestionOptions.columns().forEach(options::addOption);
        GeneratedQuestions.options().forEach(options::addOption);
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
                "jzoo compress --model my-model --train train.csv --test test.csv --params 25%"
                        + " --bits 4 --out small",
                "jzoo compress --model my-model --train train.csv --params 12.5% --cuts 3 --out"
                        + " less",
                "jzoo compress --model my-model --train train.csv --params 50% --all-tokens --half"
                        + " --out half",
                "jzoo compress --model my-j1 --train pictures/train.csv --test pictures/test.csv"
                        + " --params 25% --bits 4 --out small",
                "jzoo compress --model j1-tiny --generated --params 25% --bits 4 --out small");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.out();
        double share = share(arguments.text("params"));
        int bits = bits(arguments);
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
        int cuts = arguments.integer("cuts", 1, 1);
        String name = config.training().model();
        try (LoadedModel whole = Models.load(name, config.training().device())) {
            terminal.remark("measuring what matters in %s", name);
            if (arguments.has("generated")) {
                try (VqaLessons lessons =
                        GeneratedQuestions.of(arguments, whole, config.training())) {
                    Source source = new Source("generated questions", true);
                    Compression compression = Compression.inCuts(whole, config, lessons, cuts);
                    return run(compression, whole, source, arguments, terminal, config, out, bits);
                }
            }
            LabelSet labels = Compression.labels(whole);
            if (arguments.has("regression") != (labels == null)) {
                throw new UsageException(
                        "--regression must be given exactly for models that give numbers, %s was made for %s"
                                .formatted(name, TaskWords.of(whole.config().task())));
            }
            Source source =
                    new Source(
                            String.valueOf(arguments.existing("train").getFileName()),
                            arguments.has("test"));
            Compression compression =
                    Compression.answersQuestions(whole)
                            ? Compression.inCuts(
                                    whole,
                                    config,
                                    QuestionOptions.data(arguments).withAnswers(labels),
                                    cuts)
                            : Compression.inCuts(
                                    whole,
                                    config,
                                    FineTuneCommand.data(arguments, TextFiles::open)
                                            .withLabels(labels),
                                    cuts);
            return run(compression, whole, source, arguments, terminal, config, out, bits);
        }
    }

    /** What is learned from, in a word, and whether something judges it. */
    private record Source(String name, boolean tested) {}

    private static int run(
            Compression made,
            LoadedModel whole,
            Source source,
            Arguments arguments,
            Terminal terminal,
            CompressConfig config,
            Path out,
            int bits)
            throws Exception {
        try (Compression compression = made) {
            FineTuneConfig training = config.training();
            compression.keepingAnswers(
                    arguments.path("answers", training.work().resolve(TeacherAnswers.FILE_NAME)));
            compression.followingHiddenStates(
                    arguments.number(
                            "hidden",
                            Compression.answersQuestions(whole) ? HIDDEN_WEIGHT : 0,
                            0,
                            1e6));
            show(compression, whole, terminal);
            Files.createDirectories(training.work());
            draw(compression, training.work(), terminal);
            return new Steps(compression, training, source, arguments, terminal)
                    .run(training.work(), out, bits);
        }
    }

    private static int bits(Arguments arguments) {
        if (!arguments.has("bits")) {
            return 0;
        }
        if (arguments.has("half")) {
            throw new UsageException("--bits must go without --half: what is not packed has 16");
        }
        try {
            return RoundedStudent.requireBits(arguments.integer("bits", 4, 0));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    /** The trainings, each saved before the next begins. */
    private record Steps(
            Compression compression,
            FineTuneConfig training,
            Source source,
            Arguments arguments,
            Terminal terminal) {

        int run(Path work, Path out, int bits) throws Exception {
            Path taught = bits == 0 ? out : work.resolve("taught");
            if (bits == 0 || !goesOnFrom(taught, compression::hasPlannedSize)) {
                int code = cuts(work);
                if (code != Main.OK) {
                    return code;
                }
                code =
                        run(compression.training(), training, bits == 0)
                                .saving(arguments.has("half") ? Saved.HALF : Saved.MODEL)
                                .run(taught)
                                .exitCode();
                if (bits == 0 || code != Main.OK) {
                    return code;
                }
            }
            FineTuneConfig rounding =
                    training.with(
                            Math.max(1, training.epochs() / 3),
                            training.learningRate() / 2,
                            work.resolve("rounded-" + bits));
            terminal.remark("going on with weights of %d bits", bits);
            FineTuning second =
                    compression.rounding(
                            ModelFolder.load(taught, training.device()), bits, rounding);
            int code = run(second, rounding, true).saving(Saved.PACKED).run(out).exitCode();
            if (code == Main.OK) {
                packed(out);
            }
            return code;
        }

        // All cuts after the first, each of a model that has recovered from the one before.
        private int cuts(Path work) throws Exception {
            int all = compression.cutsLeft() + 1;
            for (int i = 1; i < all; i++) {
                Path folder = work.resolve("cut-" + i);
                FineTuneConfig brief =
                        training.with(
                                Math.max(1, training.epochs() / all),
                                training.learningRate(),
                                work.resolve("recovery-" + i));
                if (!goesOnFrom(folder, compression::hasSizeSoFar)) {
                    terminal.remark("recovering from cut %d of %d", i, all);
                    int code =
                            run(compression.recovery(brief), brief, false)
                                    .saving(Saved.MODEL)
                                    .run(folder)
                                    .exitCode();
                    if (code != Main.OK) {
                        return code;
                    }
                }
                compression.cutAgain(ModelFolder.load(folder, training.device()));
            }
            return Main.OK;
        }

        // What an earlier run taught counts only where it is asked for, and only if it fits.
        private boolean goesOnFrom(Path taught, Predicate<LoadedModel> fits) throws Exception {
            if (!arguments.has("resume") || !ModelFolder.isPresent(taught)) {
                return false;
            }
            try (LoadedModel student = ModelFolder.load(taught, Device.cpu())) {
                if (!fits.test(student)) {
                    throw new UsageException(
                            "--resume must find a model of the size that --params asks for, there"
                                    + " is another in %s; name another --work to begin"
                                            .formatted(taught));
                }
            }
            return true;
        }

        private FineTuneRun run(FineTuning tuning, FineTuneConfig config, boolean last) {
            return new FineTuneRun(
                            config,
                            tuning,
                            "teacher %s, data %s".formatted(training.model(), source.name()),
                            terminal)
                    .withJson(arguments.has("json") && last);
        }

        private void packed(Path out) throws Exception {
            terminal.remark(
                    "packed      %,d bytes of weights",
                    Files.size(out.resolve(Safetensors.FILE_NAME)));
            if (source.tested()) {
                try (LoadedModel saved = ModelFolder.load(out, Device.cpu())) {
                    terminal.remark("packed      %s", compression.measure(saved));
                }
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
        terminal.remark("%,d weights; what stays:", whole.numParameters());
        compression.planned().forEach(line -> terminal.remark("%s", line));
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
                                                compression.layerNames(),
                                                Compression.numbers(shares[0].length),
                                                shares));
        if (drawn) {
            terminal.remark("picture %s", file);
        }
    }
}
