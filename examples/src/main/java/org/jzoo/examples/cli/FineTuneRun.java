package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.RunPictures;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.callback.ProgressDisplay;
import org.jzoo.training.loop.callback.RunRecord;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.ConfusionTable;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ProgressLine;

/** One fine-tuning on the terminal: progress, result, saved folder. */
final class FineTuneRun {

    private static final int SHOWN_LABELS = 20;

    private final FineTuneConfig config;
    private final FineTuning tuning;
    private final String description;
    private final Terminal terminal;
    private Saved saved = Saved.MODEL;
    private Saving saving;
    private boolean json;
    private Supplier<Map<String, Object>> alsoTold = Map::of;
    private List<Path> pictures = List.of();

    FineTuneRun(FineTuneConfig config, FineTune tuning, Terminal terminal) {
        this(config, tuning, tuning.description(), terminal);
    }

    /** A run of any fine-tuning; the description is shown when it starts. */
    FineTuneRun(FineTuneConfig config, FineTuning tuning, String description, Terminal terminal) {
        this.config = config;
        this.tuning = tuning;
        this.description = description;
        this.terminal = terminal;
    }

    FineTuneRun saving(Saved value) {
        saved = value;
        return this;
    }

    /** Saves what was learned, with its card. */
    @FunctionalInterface
    interface Saving {
        void save(Path out, FineTuned tuned) throws IOException;
    }

    /** Saves in a way of its own. */
    FineTuneRun saving(Saving value) {
        saving = value;
        return this;
    }

    /** Adds members to the result in JSON, asked for when all is saved. */
    FineTuneRun telling(Supplier<Map<String, Object>> value) {
        alsoTold = value;
        return this;
    }

    FineTuneRun withJson(boolean value) {
        json = value;
        return this;
    }

    /** How it ended. */
    record Outcome(int exitCode, Map<String, Double> test) {}

    Outcome run(Path out) throws Exception {
        boolean fresh = !Files.exists(config.work());
        Files.createDirectories(config.work());
        try {
            return runInFolder(out);
        } catch (Exception e) {
            if (fresh) {
                deleteIfEmpty(config.work());
            }
            throw e;
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Training began: its log stays.
        }
    }

    private Outcome runInFolder(Path out) throws Exception {
        terminal.remark("%s, %s", description, config.device());
        try (StopSignal stop = StopSignal.onShutdown()) {
            tuning.with(stop)
                    .with(new ProgressDisplay(terminal.err(), ProgressLine.isTerminal()))
                    .with(new RunRecord(config.work(), 1));
            if (saved.adapter() && tuning instanceof FineTune texts) {
                texts.keepingAdapters();
            }
            try (FineTuned tuned = tuning.run()) {
                if (tuned.training().interrupted()) {
                    terminal.remark(
                            "stopped at step %d, saved in %s; go on with --resume",
                            tuned.training().step(), tuned.training().checkpoint());
                    return new Outcome(Main.INTERRUPTED, Map.of());
                }
                save(out, tuned);
                show(out, tuned);
                return new Outcome(Main.OK, tuned.test());
            }
        }
    }

    private void save(Path out, FineTuned tuned) throws IOException {
        if (saving == null) {
            saved.save(out, tuned.model(), config, tuning.card(tuned));
        } else {
            saving.save(out, tuned);
        }
        pictures = RunPictures.draw(config.work(), readable(tuned.confusion()));
    }

    /** The matrix, unless it is larger than a page. */
    static ConfusionMatrix readable(ConfusionMatrix confusion) {
        return confusion == null || confusion.numClasses() > SHOWN_LABELS ? null : confusion;
    }

    private void show(Path out, FineTuned tuned) {
        Map<String, Double> test = tuned.test();
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", out.toString());
            result.put("steps", tuned.training().step());
            result.put("seconds", tuned.training().wholeSeconds());
            result.put("tokens", tuned.training().tokens());
            result.put("tokensPerSecond", tuned.training().tokensPerSecond());
            new GpuMemory()
                    .held(config.device())
                    .ifPresent(held -> result.put("gpuMemoryBytes", held.bytes()));
            result.put("validation", tuned.training().bestMetrics());
            result.put("test", test);
            result.putAll(alsoTold.get());
            terminal.json(result);
            return;
        }
        terminal.print("");
        terminal.print(
                "trained %d steps, %,d examples in %s; %s",
                tuned.training().step(),
                tuned.training().examples(),
                tuned.time(config.device()),
                tuned.truncation());
        test.forEach((name, value) -> terminal.print("test %-10s %.4f", name, value));
        ConfusionMatrix confusion = readable(tuned.confusion());
        if (confusion != null) {
            terminal.print("");
            terminal.print("%s", ConfusionTable.format(confusion));
        }
        terminal.print("model   %s", out);
        pictures.forEach(picture -> terminal.print("picture %s", picture));
    }
}
