package org.jzoo.examples.pruning;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.GlueTeacher;
import org.jzoo.examples.recipe.GlueTexts;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

/**
 * One task with one seed: a tuned model, pruned by each method to each share, judged before and
 * after it was trained again on a development set that decides nothing.
 */
public final class PruningRun {

    private final PruningConfig config;
    private final GlueTask task;
    private final long seed;
    private final TextData data;
    private final JsonLines<PruningFigures> lines;
    private final Consumer<PruningFigures> listener;

    private PruningRun(
            PruningConfig config,
            GlueTask task,
            long seed,
            JsonLines<PruningFigures> lines,
            Consumer<PruningFigures> listener) {
        this.config = config;
        this.task = task;
        this.seed = seed;
        this.lines = lines;
        this.listener = listener;
        data = GlueTexts.of(config.glue(), task, config.limit());
    }

    /**
     * What is compared.
     *
     * @param tasks of GLUE
     * @param seeds of tuning, order and choices
     * @param methods of pruning
     * @param shares of the layers' or the token table's weights that may stay, in (0, 1)
     */
    public record Comparison(
            List<GlueTask> tasks,
            List<Long> seeds,
            List<PruneMethod> methods,
            List<Double> shares) {}

    /**
     * Measures what is not measured yet. Several processes may share the work: the first that needs
     * a tuned model makes it, and others wait for it.
     *
     * @param shard of the methods of each task and seed, each N-th from the I-th on is taken
     * @param file of JSON lines, created if missing; figures are added as they come
     * @param listener hears of them too
     */
    public static void run(
            PruningConfig config,
            Comparison comparison,
            int[] shard,
            Path file,
            Consumer<PruningFigures> listener)
            throws Exception {
        JsonLines<PruningFigures> lines = new JsonLines<>(file, PruningFigures.class);
        int number = 0;
        for (GlueTask task : comparison.tasks()) {
            for (long seed : comparison.seeds()) {
                List<PruneMethod> own = new ArrayList<>();
                for (PruneMethod method : comparison.methods()) {
                    if (number++ % shard[1] == shard[0]) {
                        own.add(method);
                    }
                }
                if (!own.isEmpty()) {
                    new PruningRun(config, task, seed, lines, listener)
                            .run(own, comparison.shares());
                }
            }
        }
    }

    private void run(List<PruneMethod> methods, List<Double> shares) throws Exception {
        try (LoadedModel teacher = ModelFolder.load(teacher(), config.device());
                Pruner pruner = new Pruner(config, teacher, data, seed)) {
            for (double share : shares) {
                for (PruneMethod method : methods) {
                    boolean done = isDone(method.label(), share, config.steps());
                    if (!done && pruner.can(method, share, shares)) {
                        measure(pruner, method, share);
                    }
                }
            }
        }
    }

    private void measure(Pruner pruner, PruneMethod method, double share) throws IOException {
        long start = System.nanoTime();
        try (Pruned pruned = pruner.prune(method, share)) {
            if (method.atOnce() && !isDone(method.label(), share, 0)) {
                add(pruner, pruned, method, share, 0, start);
            }
            pruned.lessons().train(pruned.model(), pruned.steps(), pruned.during());
            add(pruner, pruned, method, share, config.steps(), start);
        }
    }

    private boolean isDone(String method, double share, int steps) throws IOException {
        return lines.read().stream()
                .filter(f -> f.task().equals(task.folder()) && f.seed() == seed)
                .anyMatch(f -> f.isOf(method, share, steps));
    }

    private void add(
            Pruner pruner, Pruned pruned, PruneMethod method, double share, int steps, long start)
            throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        LoadedModel teacher = pruner.lessons().teacher();
        boolean tokens = method.ofTokens();
        long whole = tokens ? Pruned.ofTokens(teacher) : Pruned.ofLayers(teacher);
        add(
                figures(
                        method.label(),
                        share,
                        pruned.weights(tokens) / (double) whole,
                        steps,
                        pruned.lessons().judge(pruned.model()),
                        pruned.weights(),
                        pruned.plan(),
                        seconds));
    }

    private void add(PruningFigures figures) throws IOException {
        lines.append(List.of(figures));
        listener.accept(figures);
    }

    private PruningFigures figures(
            String method,
            double share,
            double kept,
            int steps,
            Map<String, Double> metrics,
            long weights,
            String plan,
            double seconds) {
        return new PruningFigures(
                task.folder(),
                seed,
                method,
                share,
                kept,
                steps,
                metrics,
                task.metrics().stream().mapToDouble(metrics::get).average().orElseThrow(),
                weights,
                plan,
                config.device().toString(),
                config.precision().name(),
                seconds);
    }

    private Path teacher() throws Exception {
        Path folder = config.work().resolve("teacher-%s-%d".formatted(task.folder(), seed));
        Files.createDirectories(config.work());
        try (FileChannel channel =
                        FileChannel.open(
                                folder.resolveSibling(folder.getFileName() + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !ModelFolder.isPresent(folder)) {
                tune(folder);
            }
            if (lock.isValid() && !isDone(PruningFigures.TEACHER, 1, 0)) {
                judge(folder);
            }
        }
        return folder;
    }

    private void judge(Path folder) throws Exception {
        try (LoadedModel teacher = ModelFolder.load(folder, config.device())) {
            add(
                    figures(
                            PruningFigures.TEACHER,
                            1,
                            1,
                            0,
                            data.judge(teacher, PruningConfig.MAX_LENGTH, Precision.FLOAT32),
                            teacher.numParameters(),
                            "%d epochs".formatted(tuning().epochs()),
                            0));
        }
    }

    private void tune(Path folder) throws Exception {
        try (FineTuned tuned = tuning().tune(data, config.device(), config.precision())) {
            ModelFolder.save(folder, tuned.model(), "# A tuned model\n", TensorType.F32);
        }
    }

    private GlueTeacher tuning() {
        return new GlueTeacher(config.model(), task, PruningConfig.MAX_LENGTH, seed);
    }
}
