package org.jzoo.examples.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.examples.tagging.TagData;
import org.jzoo.examples.tagging.TagJudge;
import org.jzoo.examples.tagging.TagReading;
import org.jzoo.training.metric.EntityF1;
import org.jzoo.training.metric.HitCounts;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.task.TokenTags;

/** {@code jzoo evaluate} with a model that labels tokens. */
final class LabelEvaluation {

    private LabelEvaluation() {}

    static void run(
            LoadedModel model,
            TokenClassificationTask task,
            Arguments arguments,
            Terminal terminal) {
        LabelledTexts test = TagOptions.part(arguments, "test");
        int limit = model.config().textModel().maxLength();
        TagReading reading = TagReading.of(model, arguments.integer("max-length", limit, 3));
        TagData data = TagData.of(test, new TokenTags(task.labels()), reading);
        EntityF1 judged =
                new TagJudge(
                                data.examples(),
                                task.labels(),
                                reading,
                                FineTuneOptions.device(arguments))
                        .judge(
                                model.block(),
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        if (arguments.has("json")) {
            terminal.json(json(arguments, test, judged));
        } else {
            show(test, judged, terminal);
        }
        if (data.bent() > 0) {
            terminal.remark(
                    "%d of %d stretches begin or end within a word and cannot be met",
                    data.bent(), data.spans());
        }
    }

    private static Map<String, Object> json(
            Arguments arguments, LabelledTexts test, EntityF1 judged) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", arguments.text("model"));
        result.put("data", arguments.text("test"));
        result.put("dataHash", test.hash());
        result.put("examples", test.texts().size());
        result.put("metrics", TagJudge.metrics(judged));
        Map<String, Object> labels = new LinkedHashMap<>();
        judged.byLabel().forEach((label, counts) -> labels.put(label, figures(counts)));
        result.put("labels", labels);
        return result;
    }

    private static Map<String, Object> figures(HitCounts counts) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("f1", counts.f1());
        figures.put("precision", counts.precision());
        figures.put("recall", counts.recall());
        figures.put("expected", counts.support());
        return figures;
    }

    private static void show(LabelledTexts test, EntityF1 judged, Terminal terminal) {
        terminal.print("%-15s %,d", "texts", test.texts().size());
        terminal.print("%-15s %,d", "stretches", test.spans());
        TagJudge.metrics(judged)
                .forEach((metric, value) -> terminal.print("%-15s %.4f", metric, value));
        terminal.print("");
        terminal.print("%-15s %9s %9s %9s %9s", "label", "F1", "precision", "recall", "expected");
        judged.byLabel()
                .forEach(
                        (label, counts) ->
                                terminal.print(
                                        "%-15s %9.4f %9.4f %9.4f %,9d",
                                        label,
                                        counts.f1(),
                                        counts.precision(),
                                        counts.recall(),
                                        counts.support()));
    }
}
