package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jzoo.blocks.file.AtomicFile;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.CompressionReport;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/** The trainings of {@code jzoo compress}, each saved before the next begins. */
record CompressSteps(
        Compression compression,
        CompressionReport report,
        FineTuneConfig training,
        Source source,
        Arguments arguments,
        Terminal terminal) {

    /** The report's file in the folder of the run. */
    static final String REPORT = "report.json";

    /** What is learned from, in a word. */
    record Source(String name) {}

    int run(Path work, Path out, int bits) throws Exception {
        Path taught = bits == 0 ? out : work.resolve("taught");
        if (bits == 0 || !goesOnFrom(taught, compression::hasPlannedSize)) {
            int code = cuts(work);
            if (code != Main.OK) {
                return code;
            }
            FineTuning first = compression.training();
            Saved saved = arguments.has("half") ? Saved.HALF : Saved.MODEL;
            code =
                    bits == 0
                            ? last(first, training, saved, out)
                            : run(first, training).run(taught).exitCode();
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
        LoadedModel small = ModelFolder.load(taught, training.device());
        report.add("taught", small, bytes(taught));
        return last(compression.rounding(small, bits, rounding), rounding, Saved.PACKED, out);
    }

    // The last training, whose card and report tell what all of it cost.
    private int last(FineTuning tuning, FineTuneConfig config, Saved saved, Path out)
            throws Exception {
        int code =
                run(tuning, config)
                        .withJson(arguments.has("json"))
                        .saving((folder, tuned) -> save(folder, tuned, tuning, config, saved))
                        .telling(() -> Map.of("report", report.toMap()))
                        .run(out)
                        .exitCode();
        if (code == Main.OK) {
            Path file = training.work().resolve(REPORT);
            AtomicFile.write(file, Terminal.toJson(report.toMap()) + "\n");
            terminal.remark("");
            report.lines().forEach(line -> terminal.remark("%s", line));
            terminal.remark("report  %s", file);
        }
        return code;
    }

    // Twice: what the saved file is worth belongs into the card beside it.
    private void save(
            Path out, FineTuned tuned, FineTuning tuning, FineTuneConfig config, Saved saved)
            throws IOException {
        saved.save(out, tuned.model(), config, tuning.card(tuned));
        Map<String, Double> test;
        try (LoadedModel again = ModelFolder.load(out, training.device())) {
            String name = saved == Saved.PACKED ? "packed" : "taught";
            test = report.add(name, again, bytes(out)).metrics();
            report.time(again);
        } catch (MalformedModelException e) {
            throw new IOException(e.getMessage(), e);
        }
        List<String> stayed = compression.shape(tuned.model());
        ModelCard.Builder card =
                tuning.describe(tuned.withTest(test))
                        .optName(out.getFileName().toString())
                        .optSetting("what stayed", String.join("; ", stayed));
        if (saved == Saved.PACKED) {
            card.optSetting("epochs", training.epochs())
                    .optSetting("learning rate", training.learningRate())
                    .optSetting("epochs with rounded weights", config.epochs())
                    .optSetting("learning rate with rounded weights", config.learningRate())
                    .optSetting(
                            "optimizer steps", tuned.training().step() + " with rounded weights");
        }
        report.into(card);
        TensorType floats = saved == Saved.MODEL ? TensorType.F32 : TensorType.F16;
        ModelFolder.save(out, tuned.model(), card.build().toMarkdown(), floats);
    }

    private static long bytes(Path folder) throws IOException {
        return Files.size(folder.resolve(Safetensors.FILE_NAME));
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
                int code = run(compression.recovery(brief), brief).run(folder).exitCode();
                if (code != Main.OK) {
                    return code;
                }
            }
            LoadedModel recovered = ModelFolder.load(folder, training.device());
            report.add("recovered " + i, recovered, bytes(folder));
            compression.cutAgain(recovered);
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

    private FineTuneRun run(FineTuning tuning, FineTuneConfig config) {
        return new FineTuneRun(
                config,
                tuning,
                "teacher %s, data %s".formatted(training.model(), source.name()),
                terminal);
    }
}
