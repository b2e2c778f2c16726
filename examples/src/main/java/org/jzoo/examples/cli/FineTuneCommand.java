package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.split.Part;
import org.jzoo.datasets.split.Split;
import org.jzoo.datasets.split.SplitFractions;
import org.jzoo.datasets.split.StratifiedSplit;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.HeadOption;

/** {@code jzoo finetune}: tunes a model on the user's own texts. */
final class FineTuneCommand implements Command {

    /** What is learned. */
    private enum Learned {
        TEXT,
        VQA,
        CAPTION,
        LONG_CLASSIFICATION,
        LONG_QA,
        LONG_EMBEDDING,
        TOKEN_LABELS,
        LONG_TOKEN_LABELS,
        LANGUAGE
    }

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public String summary() {
        return "Tunes a model on your texts (CSV, TSV, JSONL, a folder per label) or on your"
                + " questions about pictures.";
    }

    @Override
    public String usage() {
        return "--train FILE --out DIR [--test FILE] [options]";
    }

    @Override
    public Options options() {
        Options options = FineTuneOptions.options();
        FineTuneOptions.regularization().forEach(options::addOption);
        TeacherOptions.all().forEach(options::addOption);
        options.addOption(
                FineTuneOptions.valued(
                        "task",
                        "KIND",
                        "text; vqa: a J1 learns to answer questions about pictures from a CSV file"
                            + " with the columns image, question and answer; caption: it learns to"
                            + " write texts about pictures from a file with the columns image and"
                            + " caption; long-classification: a J3 learns to label documents (rows"
                            + " whose text may be the name of a .txt or .pdf file, or a folder per"
                            + " label); long-qa: a J3 learns to find answers in documents from rows"
                            + " with question, answer and document; long-embedding: a J3 learns to"
                            + " make vectors of documents for jzoo embed from a folder of them,"
                            + " without labels; token-labels: names and the like are learned from a"
                            + " JSONL file of texts with spans or a CoNLL file; long-token-labels:"
                            + " the same by a J3 for documents of any length; language: a J3 learns"
                            + " to continue plain texts (a .txt, .md or .pdf file, or a folder of"
                            + " them) for jzoo generate [text]"));
        dataOptions().forEach(options::addOption);
        options.addOption(FineTuneOptions.valued("out", "DIR", "folder for the tuned model"));
        options.addOption(
                FineTuneOptions.valued(
                        "work", "DIR", "folder for checkpoints and logs [DIR of --out with -run]"));
        options.addOption(FineTuneOptions.flag("resume", "goes on from the last checkpoint"));
        options.addOption(FineTuneOptions.flag("overwrite", "replaces a model that is in --out"));
        options.addOption(FineTuneOptions.flag("half", "stores weights in 16 bits"));
        options.addOption(
                FineTuneOptions.valued(
                        "save",
                        "KIND",
                        "model, adapter: what was learned beside the model, a small folder that"
                                + " needs --model to be there, or peft: the same as the Python"
                                + " library peft names it [model]"));
        QuestionOptions.columns().forEach(options::addOption);
        options.addOption(QuestionOptions.captionColumn());
        QuestionOptions.model().forEach(options::addOption);
        LongOptions.all().forEach(options::addOption);
        options.addOption(FineTuneOptions.flag("json", "prints the result as JSON"));
        return options;
    }

    /** The options that name texts and their columns. */
    static List<Option> dataOptions() {
        return List.of(
                FineTuneOptions.valued("train", "FILE", "texts or questions to learn from"),
                FineTuneOptions.valued(
                        "validation",
                        "FILE",
                        "texts to choose the best model by [a tenth of train]"),
                FineTuneOptions.valued("test", "FILE", "texts to judge the model by"),
                FineTuneOptions.valued("text-column", "NAME", "column of the text [text]"),
                FineTuneOptions.valued("pair-column", "NAME", "column of a second text [none]"),
                FineTuneOptions.valued("label-column", "NAME", "column of the label [label]"),
                FineTuneOptions.flag("regression", "reads labels as numbers to be predicted"));
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo finetune --train train.csv --test test.csv --out my-model",
                "jzoo finetune --model bge-small-en --tuning full --epochs 4 --train t.tsv --out m",
                "jzoo finetune --train pairs.jsonl --text-column a --pair-column b --regression"
                        + " --label-column score --out similarity",
                "jzoo finetune --train train.csv --out my-model --resume",
                "jzoo finetune --tuning full --model bge-small-en --train train.csv --out larger",
                "jzoo finetune --tuning full --train reviews.csv --out first",
                "jzoo finetune --tuning full --model first --averaging 0.999 --agreement 1 --train"
                        + " train.csv --teacher larger --more-texts unlabelled.csv --out small",
                "jzoo finetune --train train.csv --out my-adapter --save adapter",
                "jzoo finetune --task vqa --train pictures/train.csv --test pictures/test.csv --out"
                        + " my-j1",
                "jzoo finetune --task long-qa --train questions.csv --out my-j3",
                "jzoo finetune --task long-classification --train reports --out my-j3",
                "jzoo finetune --task long-embedding --train contracts --out my-j3",
                "jzoo finetune --task token-labels --train eng.train --test eng.testb --out names",
                "jzoo finetune --task long-token-labels --train spans.jsonl --out my-j3",
                "jzoo finetune --task language --train books --max-length 512 --out my-lm",
                "jzoo finetune --task vqa --text minilm-l6 --size small --train train.csv"
                        + " --pictures photos --out my-j1");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.out();
        Path work = arguments.path("work", out.resolveSibling(out.getFileName() + "-run"));
        Learned task = arguments.choice("task", Learned.class, Learned.TEXT);
        if (task != Learned.TEXT && (arguments.has("save") || arguments.has("regression"))) {
            throw new UsageException(
                    "--save and --regression must be left out with %s"
                            .formatted(arguments.text("task")));
        }
        if (arguments.has("smoothing") && arguments.has("regression")) {
            throw new UsageException(
                    "--smoothing must be left out with --regression: only labels are spread");
        }
        arguments.only(
                own(task),
                Stream.of(Learned.values()).map(FineTuneCommand::own).toList(),
                arguments.text("task", "text"));
        return switch (task) {
            case VQA -> finish(QuestionOptions.run(arguments, work, terminal), arguments, out);
            case CAPTION ->
                    finish(QuestionOptions.captions(arguments, work, terminal), arguments, out);
            case LONG_QA -> finish(LongOptions.answers(arguments, work, terminal), arguments, out);
            case LONG_EMBEDDING ->
                    finish(EmbeddingOptions.run(arguments, work, terminal), arguments, out);
            case TOKEN_LABELS ->
                    finish(TagOptions.texts(arguments, work, terminal), arguments, out);
            case LONG_TOKEN_LABELS ->
                    finish(TagOptions.documents(arguments, work, terminal), arguments, out);
            case LANGUAGE -> finish(LanguageOptions.run(arguments, work, terminal), arguments, out);
            case LONG_CLASSIFICATION -> finish(labels(arguments, work, terminal), arguments, out);
            case TEXT -> texts(arguments, work, out, terminal);
        };
    }

    /** What a task reads of the options that not every task does. */
    private static Set<String> own(Learned task) {
        List<String> columns = List.of("text-column", "pair-column", "label-column");
        List<String> pictures = List.of("pictures", "image-column");
        List<String> regularization = names(FineTuneOptions.regularization());
        return switch (task) {
            case TEXT -> union(List.of(columns, regularization, names(TeacherOptions.all())));
            case VQA ->
                    union(
                            List.of(
                                    pictures,
                                    List.of("question-column", "answer-column"),
                                    names(QuestionOptions.model())));
            case CAPTION ->
                    union(
                            List.of(
                                    pictures,
                                    List.of("caption-column"),
                                    names(QuestionOptions.model())));
            case LONG_CLASSIFICATION ->
                    union(List.of(columns, LongOptions.partNames(), regularization));
            case LONG_QA ->
                    union(
                            List.of(
                                    LongOptions.partNames(),
                                    List.of(
                                            "document-column",
                                            "question-column",
                                            "answer-column")));
            case TOKEN_LABELS -> Set.of();
            case LONG_TOKEN_LABELS, LANGUAGE, LONG_EMBEDDING -> Set.copyOf(LongOptions.partNames());
        };
    }

    private static List<String> names(List<Option> options) {
        return options.stream().map(Option::getLongOpt).toList();
    }

    private static Set<String> union(List<List<String>> names) {
        return names.stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
    }

    private static int finish(FineTuneRun run, Arguments arguments, Path out) throws Exception {
        return run.saving(arguments.has("half") ? Saved.HALF : Saved.MODEL)
                .withJson(arguments.has("json"))
                .run(out)
                .exitCode();
    }

    private static FineTuneRun labels(Arguments arguments, Path work, Terminal terminal)
            throws IOException {
        TextData data = data(arguments, LongOptions::documents);
        FineTuneConfig config = LongOptions.config(arguments, work);
        FreshJ3 fresh = LongOptions.fresh(arguments);
        FineTune tuning = new FineTune(config, data);
        if (fresh != null) {
            tuning.startingFrom(
                    task ->
                            fresh.create(
                                    "j3",
                                    task.apply(HeadOption.MEAN),
                                    config.seed(),
                                    config.device()));
        }
        String model = fresh == null ? "model " + config.model() : "a fresh J3";
        return new FineTuneRun(config, tuning, model + ", data " + data.name(), terminal);
    }

    private static int texts(Arguments arguments, Path work, Path out, Terminal terminal)
            throws Exception {
        FineTuneConfig config =
                FineTuneOptions.config(
                        arguments, FineTuneOptions.USUAL, work, arguments.has("resume"));
        TextData data = data(arguments, TextFiles::open);
        try (LoadedModel teacher = TeacherOptions.load(arguments, config.device())) {
            FineTune tuning =
                    teacher == null
                            ? new FineTune(config, data)
                            : TeacherOptions.taught(config, data, teacher, arguments);
            return new FineTuneRun(config, tuning, terminal)
                    .saving(Saved.of(arguments, config))
                    .withJson(arguments.has("json"))
                    .run(out)
                    .exitCode();
        }
    }

    /** Reads what {@link #dataOptions} name. */
    static TextData data(Arguments arguments, BiFunction<Path, TextColumns, TextSource> open)
            throws IOException {
        TextColumns columns = columns(arguments);
        Path trainFile = arguments.existing("train");
        TextSource train = open.apply(trainFile, columns);
        LabelSet labels = columns.target() == TargetKind.CLASS ? LabelSet.scan(train) : null;
        TextSource validation;
        if (arguments.has("validation")) {
            validation = open.apply(arguments.existing("validation"), columns);
        } else {
            Split split = StratifiedSplit.of(train, new SplitFractions(0.9, 0.1, 0), 17);
            validation = split.select(train, Part.VALIDATION);
            train = split.select(train, Part.TRAIN);
            if (validation.first(1).count() == 0) {
                throw new UsageException(
                        "--validation must be given: a tenth of each label of %s is not one row"
                                .formatted(trainFile));
            }
        }
        TextSource test =
                arguments.has("test") ? open.apply(arguments.existing("test"), columns) : null;
        return new TextData(
                trainFile.getFileName().toString(),
                DataHash.sha256(trainFile),
                train,
                validation,
                test,
                labels,
                columns.pair() != null);
    }

    /** The columns that {@link #dataOptions} name. */
    static TextColumns columns(Arguments arguments) {
        return new TextColumns(
                arguments.text("text-column", "text"),
                arguments.text("pair-column", null),
                arguments.text("label-column", "label"),
                arguments.has("regression") ? TargetKind.NUMBER : TargetKind.CLASS);
    }
}
