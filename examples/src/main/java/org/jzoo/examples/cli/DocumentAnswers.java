package org.jzoo.examples.cli;

import ai.djl.modality.Classifications;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.ReadingCancelledException;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;

/** The labels of whole files, text or PDF, of any length. */
final class DocumentAnswers {

    private final LoadedModel model;
    private final Precision precision;

    /**
     * Reads with a J3.
     *
     * @throws UsageException if the model is none, or has no labels
     */
    DocumentAnswers(LoadedModel model, Precision precision) {
        if (!(model.block() instanceof J3Model)
                || !(model.config().task() instanceof ClassificationTask)) {
            throw new UsageException(
                    "--documents needs a J3 that labels, as finetune --task long-classification"
                            + " makes them, got %s with the task %s"
                                    .formatted(
                                            model.name(),
                                            model.config().task().getClass().getSimpleName()));
        }
        this.model = model;
        this.precision = precision;
    }

    /** Reads one file after the other; returns the exit status. */
    int answers(Arguments arguments, BiConsumer<String, Classifications> use, Terminal terminal)
            throws IOException {
        arguments.only(
                Set.of(), List.of(Set.of("file", "text-column", "pair", "labels")), "--documents");
        if (arguments.rest().isEmpty()) {
            throw new UsageException("--documents must be followed by files, got none");
        }
        for (String name : arguments.rest()) {
            if (!Files.isRegularFile(Path.of(name))) {
                throw new UsageException("a document must be a file, got " + name);
            }
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            LongReader reader =
                    LongReader.of(model).withPrecision(precision).withCancelled(stop::requested);
            return answers(reader, arguments.rest(), use, terminal);
        }
    }

    // The JVM may be ending: what is to be said is said before the signal is closed.
    private static int answers(
            LongReader reader,
            List<String> files,
            BiConsumer<String, Classifications> use,
            Terminal terminal)
            throws IOException {
        try {
            for (String name : files) {
                use.accept(name, reader.classify(DocumentFiles.of(Path.of(name))));
            }
            return Main.OK;
        } catch (ReadingCancelledException e) {
            terminal.remark("%s", e.getMessage());
            return Main.INTERRUPTED;
        }
    }
}
