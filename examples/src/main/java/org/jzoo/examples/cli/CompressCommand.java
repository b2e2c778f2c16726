package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.examples.compress.BudgetException;
import org.jzoo.examples.compress.ChannelScore;
import org.jzoo.examples.compress.CompressConfig;
import org.jzoo.examples.compress.CompressedTask;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.CompressionReport;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.TeacherAnswers;
import org.jzoo.examples.recipe.VqaLessons;
import org.jzoo.training.compression.pruning.SparsityRule;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo compress}: a small fast model from a tuned one. */
final class CompressCommand implements Command {

    private static final FineTuneOptions.Defaults USUAL =
            FineTuneOptions.Defaults.full(10, 32, 128, 3e-4, 0.01);
    // The joint attention of a J1 passes on what its answers do not show.
    private static final double HIDDEN_WEIGHT = 1;

    private static final Set<String> OF_TEXTS =
            Set.of("text-column", "pair-column", "label-column", "answers");
    private static final Set<String> OF_PICTURES =
            Set.of("pictures", "image-column", "question-column", "answer-column");
    private static final Set<String> OF_GENERATED = Set.of("generated-pictures");
    private static final List<Set<String>> KINDS = List.of(OF_TEXTS, OF_PICTURES, OF_GENERATED);

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
                        "token-rank",
                        "R",
                        "writes the table of tokens as one R wide and a map [as wide as the"
                                + " model]"));
        options.addOption(
                FineTuneOptions.valued(
                        "channels",
                        "NAME",
                        "which stay: first-order, those that the loss depends on, or variance,"
                                + " those that vary most [first-order]"));
        options.addOption(
                FineTuneOptions.valued(
                        "zeros",
                        "RULE",
                        "single weights of the layers that are 0: 50%, the smallest of each matrix,"
                                + " or 2:4, all but two of four neighbours; tensors keep their"
                                + " shapes [none]"));
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
                        "relations",
                        "X",
                        "weight of how queries, keys and values relate in the whole model's last"
                                + " layer [0]"));
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
                "jzoo compress --model my-model --train train.csv --params 100% --zeros 2:4 --out"
                        + " sparse",
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
        boolean resume = arguments.has("resume");
        if (resume && !Files.isDirectory(work)) {
            throw new UsageException(
                    "--resume must find what an earlier run left, there is no folder %s; leave it"
                                    .formatted(work)
                            + " out to begin");
        }
        CompressConfig config =
                CompressConfig.builder()
                        .setShare(share)
                        .setTraining(FineTuneOptions.anyStepOf(arguments, USUAL, work, resume))
                        .optFewerTokens(!arguments.has("all-tokens"))
                        .optTokenRank(arguments.integer("token-rank", 0, 1))
                        .optChannels(
                                arguments.choice(
                                        "channels", ChannelScore.class, ChannelScore.FIRST_ORDER))
                        .optZeros(zeros(arguments))
                        .optLabelShare(arguments.number("label-share", 0.3, 0, 1))
                        .optTemperature(arguments.number("temperature", 2, 1e-3, 1e3))
                        .optImportanceBatches(arguments.integer("importance-batches", 64, 1))
                        .build();
        int cuts = arguments.integer("cuts", 1, 1);
        String name = config.training().model();
        try (LoadedModel whole = Models.load(name, config.training().device())) {
            terminal.remark("measuring what matters in %s", name);
            try {
                return run(whole, arguments, terminal, config, cuts, out, bits);
            } catch (BudgetException e) {
                double least = Math.ceil(1000.0 * e.least() / whole.numParameters()) / 10;
                throw new UsageException(
                        "--params must be in [%.1f%%, 100%%]: %s".formatted(least, e.getMessage()));
            }
        }
    }

    private static int run(
            LoadedModel whole,
            Arguments arguments,
            Terminal terminal,
            CompressConfig config,
            int cuts,
            Path out,
            int bits)
            throws Exception {
        boolean questions = CompressedTask.answersQuestions(whole);
        String task = TaskWords.of(whole.config().task());
        if (arguments.has("generated")) {
            arguments.only(OF_GENERATED, KINDS, "--generated");
            try (VqaLessons lessons = GeneratedQuestions.of(arguments, whole, config.training())) {
                CompressSteps.Source source = new CompressSteps.Source("generated questions");
                Compression compression = Compression.inCuts(whole, config, lessons, cuts);
                return run(compression, whole, source, arguments, terminal, config, out, bits);
            }
        }
        arguments.only(
                questions ? OF_PICTURES : OF_TEXTS,
                KINDS,
                "%s, made for %s".formatted(config.training().model(), task));
        LabelSet labels = CompressedTask.labels(whole);
        if (arguments.has("regression") != (labels == null)) {
            throw new UsageException(
                    "--regression must be given exactly for models that give numbers, %s was made for %s"
                            .formatted(config.training().model(), task));
        }
        CompressSteps.Source source =
                new CompressSteps.Source(String.valueOf(arguments.existing("train").getFileName()));
        Compression compression =
                questions
                        ? Compression.inCuts(
                                whole,
                                config,
                                QuestionOptions.data(arguments).withAnswers(labels),
                                cuts)
                        : Compression.inCuts(
                                whole,
                                config,
                                FineTuneCommand.data(arguments, TextFiles::open).withLabels(labels),
                                cuts);
        return run(compression, whole, source, arguments, terminal, config, out, bits);
    }

    private static int run(
            Compression made,
            LoadedModel whole,
            CompressSteps.Source source,
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
                            CompressedTask.answersQuestions(whole) ? HIDDEN_WEIGHT : 0,
                            0,
                            1e6));
            compression.followingRelations(arguments.number("relations", 0, 0, 1e6));
            CompressionReport report = compression.report();
            terminal.remark("%,d weights; what stays:", whole.numParameters());
            compression.planned().forEach(line -> terminal.remark("%s", line));
            report.lines().forEach(line -> terminal.remark("%s", line));
            Files.createDirectories(training.work());
            ImportancePictures.draw(compression, training.work(), terminal);
            return new CompressSteps(compression, report, training, source, arguments, terminal)
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

    private static SparsityRule zeros(Arguments arguments) {
        if (!arguments.has("zeros")) {
            return null;
        }
        if (arguments.has("bits")) {
            throw new UsageException("--zeros must go without --bits: rounding moves zeros");
        }
        if (arguments.choice("tuning", FineTuneOptions.Kind.class, FineTuneOptions.Kind.FULL)
                == FineTuneOptions.Kind.LORA) {
            throw new UsageException(
                    "--zeros must go without --tuning lora: adapters that are merged move zeros");
        }
        String text = arguments.text("zeros");
        try {
            if (text.matches("[0-9]{1,3}:[0-9]{1,3}")) {
                int colon = text.indexOf(':');
                return new SparsityRule.Groups(
                        Integer.parseInt(text.substring(0, colon)),
                        Integer.parseInt(text.substring(colon + 1)));
            }
            if (text.matches("[0-9]{1,2}(\\.[0-9]{1,6})?%")) {
                String number = text.substring(0, text.length() - 1);
                return new SparsityRule.Magnitude(Double.parseDouble(number) / 100);
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--zeros: " + e.getMessage());
        }
        throw new UsageException(
                "--zeros must be a share below 100%% such as 50%%, or of neighbours how many stay, such as 2:4, got %s"
                        .formatted(text));
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
}
