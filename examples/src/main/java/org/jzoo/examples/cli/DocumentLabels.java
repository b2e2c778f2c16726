package org.jzoo.examples.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jzoo.zoo.document.LongLabel;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/** The labels of whole documents, or those of stretches in them, by a J3. */
final class DocumentLabels {

    private DocumentLabels() {}

    /**
     * Prints them for the files that the arguments name.
     *
     * @return the exit status
     * @throws UsageException if the model is no J3, or has no labels
     */
    static int read(LoadedModel model, Arguments arguments, Terminal terminal) {
        Task task = model.config().task();
        boolean words = task instanceof TokenClassificationTask;
        if (!(model.block() instanceof J3Model) || !(words || task instanceof ClassificationTask)) {
            throw new UsageException(
                    "--documents needs a J3 that labels, as finetune --task long-classification or"
                            + " long-token-labels makes them, got %s with the task %s"
                                    .formatted(model.name(), task.getClass().getSimpleName()));
        }
        if (words && arguments.has(EachDocument.WORK)) {
            throw new UsageException(
                    "--work must be left out with a model that labels words: they are printed while"
                            + " a document is read");
        }
        return EachDocument.read(
                arguments,
                Set.of("file", "text-column", "pair", "pair-column", "labels"),
                cancelled ->
                        words
                                ? stretches(model, arguments, cancelled, terminal)
                                : documents(model, arguments, cancelled, terminal),
                terminal);
    }

    private static EachDocument.Use documents(
            LoadedModel model, Arguments arguments, BooleanSupplier cancelled, Terminal terminal) {
        LongReader reader = EachDocument.reader(model, arguments, cancelled);
        boolean json = arguments.has("json");
        return (file, document) ->
                PredictCommand.print("document", file, reader.classify(document), json, terminal);
    }

    private static EachDocument.Use stretches(
            LoadedModel model, Arguments arguments, BooleanSupplier cancelled, Terminal terminal) {
        LongReader reader = EachDocument.reader(model, arguments, cancelled);
        boolean json = arguments.has("json");
        return (file, document) ->
                reader.labels(
                        document,
                        label -> {
                            if (json) {
                                terminal.jsonLine(json(file, label));
                            } else {
                                terminal.print("%s", line(file, label));
                            }
                        });
    }

    private static Map<String, Object> json(String file, LongLabel label) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("document", file);
        line.put("label", label.label());
        line.put("words", label.words());
        line.put("score", label.score());
        line.put("start", label.start());
        line.put("end", label.end());
        line.put("page", label.page());
        return line;
    }

    // Words may stand on several lines of the document.
    private static String line(String file, LongLabel label) {
        return String.join(
                "\t",
                label.label(),
                label.words().replaceAll("\\s+", " "),
                file,
                Long.toString(label.start()),
                Long.toString(label.end()),
                Integer.toString(label.page()));
    }
}
