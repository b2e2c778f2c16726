package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.DocumentJudge;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.ConfusionTable;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.text.TextTokenizer;

/** {@code jzoo evaluate}: how good a tuned model is on labelled texts. */
final class EvaluateCommand implements Command {

    private static final Set<String> OF_TEXTS =
            Set.of("text-column", "pair-column", "label-column", "max-length");
    private static final Set<String> OF_PICTURES =
            Set.of("pictures", "image-column", "question-column", "answer-column");
    private static final Set<String> OF_DOCUMENTS =
            Set.of("document-column", "question-column", "answer-column");

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String summary() {
        return "Measures a tuned model on labelled texts or on questions about pictures or"
                + " documents: accuracy, F1, who is taken for whom.";
    }

    @Override
    public String usage() {
        return "--model DIR --test FILE [options]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "DIR", "folder of the tuned model"));
        options.addOption(
                FineTuneOptions.valued(
                        "test",
                        "FILE",
                        "CSV, TSV, JSONL or a folder per label; for labels of tokens JSONL with"
                                + " spans, or CoNLL"));
        QuestionOptions.columns().forEach(options::addOption);
        options.addOption(LongOptions.documentColumn());
        options.addOption(
                FineTuneOptions.valued("text-column", "NAME", "column of the text [text]"));
        options.addOption(
                FineTuneOptions.valued("pair-column", "NAME", "column of a second text [none]"));
        options.addOption(
                FineTuneOptions.valued("label-column", "NAME", "column of the label [label]"));
        options.addOption(
                FineTuneOptions.valued(
                        "max-length", "N", "tokens of the longest text [the model's longest]"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints the metrics as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo evaluate --model my-model --test test.csv",
                "jzoo evaluate --model my-j1 --test questions.csv --pictures photos",
                "jzoo evaluate --model j3-recall --test needles.jsonl",
                "jzoo evaluate --model my-long-labels --test reports",
                "jzoo evaluate --model names --test eng.testb",
                "jzoo evaluate --model similarity --test dev.jsonl --text-column a --pair-column b"
                        + " --label-column score --json");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        String name = arguments.text("model");
        Path file = arguments.existing("test");
        try (LoadedModel model = Models.load(name, FineTuneOptions.device(arguments))) {
            Task task = model.config().task();
            arguments.only(
                    own(model),
                    List.of(OF_TEXTS, OF_PICTURES, OF_DOCUMENTS),
                    "%s, made for %s".formatted(name, TaskWords.of(task)));
            if (task instanceof AnswerTask answers) {
                QuestionEvaluation.run(model, answers, arguments, terminal);
                return Main.OK;
            }
            if (task instanceof SpanTask) {
                DocumentEvaluation.run(model, arguments, terminal);
                return Main.OK;
            }
            if (task instanceof TokenClassificationTask labels) {
                LabelEvaluation.run(model, labels, arguments, terminal);
                return Main.OK;
            }
            if (DocumentJudge.reads(model)) {
                documents(model, file, arguments, terminal);
                return Main.OK;
            }
            TextSource test = TextFiles.open(file, columns(arguments, name, task));
            LabelSet labels = task instanceof ClassificationTask c ? LabelSet.of(c.labels()) : null;
            int limit = model.config().textModel().maxLength();
            int maxLength = arguments.integer("max-length", limit, 3);
            if (maxLength > limit) {
                throw new UsageException(
                        "--max-length must be <= %d, the longest text of %s, got %d"
                                .formatted(limit, name, maxLength));
            }
            try (TextTokenizer tokenizer = model.tokenizer().withMaxLength(maxLength);
                    EncodedDataset set =
                            encode(
                                    test,
                                    FineTune.encoding(
                                            tokenizer, model.config().textModel().padding()),
                                    labels)) {
                Judge judge = Judge.of(set, labels);
                Map<String, Double> metrics =
                        judge.evaluate(
                                model.block(),
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
                if (arguments.has("json")) {
                    terminal.json(json(name, file, set.size(), metrics, judge.confusion()));
                } else {
                    show(set.size(), metrics, judge.confusion(), terminal);
                    terminal.remark("%s", set.truncation());
                }
            }
        }
        return Main.OK;
    }

    private static void documents(
            LoadedModel model, Path file, Arguments arguments, Terminal terminal) {
        String name = arguments.text("model");
        Task task = model.config().task();
        TextSource test = LongOptions.documents(file, columns(arguments, name, task));
        DocumentJudge judge =
                new DocumentJudge(model, test, LabelSet.of(((ClassificationTask) task).labels()));
        Map<String, Double> metrics =
                judge.evaluate(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        long count = judge.confusion().total();
        if (arguments.has("json")) {
            terminal.json(json(name, file, count, metrics, judge.confusion()));
        } else {
            show(count, metrics, judge.confusion(), terminal);
        }
    }

    private static Set<String> own(LoadedModel model) {
        Task task = model.config().task();
        if (task instanceof AnswerTask) {
            return OF_PICTURES;
        }
        if (task instanceof TokenClassificationTask) {
            return model.block() instanceof J3Model ? Set.of() : Set.of("max-length");
        }
        if (DocumentJudge.reads(model)) {
            return Set.of("text-column", "label-column");
        }
        return task instanceof SpanTask ? OF_DOCUMENTS : OF_TEXTS;
    }

    private static TextColumns columns(Arguments arguments, String name, Task task) {
        boolean regression = task instanceof RegressionTask;
        if (!regression && !(task instanceof ClassificationTask)) {
            throw new UsageException(
                    "--model must classify texts or give them a number; %s was made for %s"
                            .formatted(name, TaskWords.of(task)));
        }
        if (TaskWords.isPair(task) && !arguments.has("pair-column")) {
            throw new UsageException(
                    "--pair-column must be given: %s was tuned on pairs".formatted(name));
        }
        return new TextColumns(
                arguments.text("text-column", "text"),
                arguments.text("pair-column", null),
                arguments.text("label-column", "label"),
                regression ? TargetKind.NUMBER : TargetKind.CLASS);
    }

    private static EncodedDataset encode(TextSource test, TextEncoding encoding, LabelSet labels) {
        return labels == null
                ? EncodedDataset.regression(test, encoding)
                : EncodedDataset.classification(test, encoding, labels);
    }

    private static Map<String, Object> json(
            String name,
            Path file,
            long size,
            Map<String, Double> metrics,
            ConfusionMatrix confusion) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", name);
        result.put("data", file.toString());
        result.put("dataHash", DataHash.sha256(file));
        result.put("examples", size);
        result.put("metrics", metrics);
        if (confusion != null) {
            result.put("labels", confusion.labels());
            List<long[]> rows = new ArrayList<>(List.of(confusion.counts()));
            result.put("confusion", rows);
        }
        return result;
    }

    private static void show(
            long size, Map<String, Double> metrics, ConfusionMatrix confusion, Terminal terminal) {
        terminal.print("%-10s %,d", "texts", size);
        metrics.forEach((metric, value) -> terminal.print("%-10s %.4f", metric, value));
        if (confusion != null) {
            terminal.print("");
            terminal.print("%s", ConfusionTable.format(confusion).stripTrailing());
        }
    }
}
