package org.jzoo.examples.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.examples.finetune.PictureCache;
import org.jzoo.examples.finetune.QuestionBatches;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.examples.finetune.QuestionFineTune;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.ConfusionTable;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo evaluate} with a model that answers questions about pictures. */
final class QuestionEvaluation {

    private static final int BATCH = 64;

    private QuestionEvaluation() {}

    static void run(LoadedModel model, AnswerTask task, Arguments arguments, Terminal terminal) {
        if (!(model.config().model() instanceof J1Config config) || !config.hasBoth()) {
            throw new UsageException(
                    "--model must read texts and pictures, got %s".formatted(model.name()));
        }
        LabelSet answers = LabelSet.of(task.labels());
        QuestionData.Part test = QuestionData.Part.of(QuestionOptions.questions(arguments, "test"));
        PictureCache pictures =
                new PictureCache(config.preprocessing(), QuestionFineTune.KEPT_BYTES);
        QuestionBatches batches =
                QuestionBatches.evaluation(
                        test,
                        answers,
                        pictures,
                        new QuestionBatches.Reader(model.tokenizer(), config.padding()),
                        BATCH);
        Judge judge = Judge.of(batches, answers);
        Map<String, Double> metrics =
                judge.evaluate(
                        model.block(),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        if (arguments.has("json")) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", arguments.text("model"));
            result.put("data", test.file().toString());
            result.put("dataHash", DataHash.sha256(test.file()));
            result.put("examples", test.rows().size());
            result.put("pictures", test.pictures());
            result.put("metrics", metrics);
            terminal.json(result);
            return;
        }
        terminal.print("%-10s %,d", "questions", test.rows().size());
        terminal.print("%-10s %,d", "pictures", test.pictures());
        metrics.forEach((metric, value) -> terminal.print("%-10s %.4f", metric, value));
        ConfusionMatrix confusion = FineTuneRun.readable(judge.confusion());
        if (confusion != null) {
            terminal.print("");
            terminal.print("%s", ConfusionTable.format(confusion).stripTrailing());
        }
        terminal.remark("%s", batches.truncation());
    }
}
