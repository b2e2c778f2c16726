package org.jzoo.examples.cli;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;

/** The trainings of {@code jzoo compress}, each saved before the next begins. */
record CompressSteps(
        Compression compression,
        FineTuneConfig training,
        Source source,
        Arguments arguments,
        Terminal terminal) {

    /** What is learned from, in a word, and whether something judges it. */
    record Source(String name, boolean tested) {}

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
                compression.rounding(ModelFolder.load(taught, training.device()), bits, rounding);
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
                "packed      %,d bytes of weights", Files.size(out.resolve(Safetensors.FILE_NAME)));
        if (source.tested()) {
            try (LoadedModel saved = ModelFolder.load(out, Device.cpu())) {
                terminal.remark("packed      %s", compression.measure(saved));
            }
        }
    }
}
