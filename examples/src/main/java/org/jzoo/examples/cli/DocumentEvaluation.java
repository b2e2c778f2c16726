package org.jzoo.examples.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.longqa.SpanJudge;
import org.jzoo.examples.longqa.SpanPart;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo evaluate} with a model that answers questions about documents. */
final class DocumentEvaluation {

    private DocumentEvaluation() {}

    static void run(LoadedModel model, Arguments arguments, Terminal terminal) throws IOException {
        SpanPart test = LongOptions.part(arguments, "test", terminal);
        Map<String, Double> metrics =
                SpanJudge.of(model, test.questions(), FineTuneOptions.device(arguments))
                        .evaluate(
                                model.block(),
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        if (arguments.has("json")) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", arguments.text("model"));
            result.put("data", arguments.text("test"));
            result.put("dataHash", test.hash());
            result.put("examples", test.questions().size());
            result.put("metrics", metrics);
            terminal.json(result);
            return;
        }
        terminal.print("%-10s %,d", "questions", test.questions().size());
        metrics.forEach((metric, value) -> terminal.print("%-10s %.4f", metric, value));
    }
}
