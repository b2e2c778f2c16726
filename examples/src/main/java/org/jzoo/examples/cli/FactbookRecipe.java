package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.document.DocumentStatistics;
import org.jzoo.datasets.factbook.Factbook;
import org.jzoo.datasets.factbook.FactbookQuestions;
import org.jzoo.examples.longqa.FactbookRun;
import org.jzoo.examples.longqa.FactbookTable;
import org.jzoo.examples.longqa.FactbookVariant;
import org.jzoo.examples.longqa.SpanConfig;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce factbook}: questions about countries that were not trained on. */
final class FactbookRecipe extends RecordedRecipe {

    private static final String ALL =
            Arrays.stream(FactbookVariant.values())
                    .map(variant -> variant.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(","));

    @Override
    public String name() {
        return "factbook";
    }

    @Override
    public List<String> usage() {
        return List.of("--factbook DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "factbook", "DIR", "folder of fetch-pictures flags: its factbook"),
                RecipeOptions.variants(ALL),
                FineTuneOptions.valued("size", "NAME", "tiny, small or base [tiny]"),
                FineTuneOptions.valued("steps", "N", "optimizer steps of a run [4000]"),
                FineTuneOptions.valued("batch-size", "N", "questions of a step [16]"),
                FineTuneOptions.valued("excerpt", "N", "tokens of an excerpt in training [2048]"),
                RecipeOptions.rate("0.001"),
                FineTuneOptions.valued(
                        "questions", "N", "test questions, spread evenly; 0 all [2000]"),
                RecipeOptions.save(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce factbook --factbook flags/factbook",
                "jzoo reproduce factbook --factbook flags/factbook --variants bm25,minilm",
                "jzoo reproduce factbook --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path folder = arguments.existing("factbook");
        List<FactbookRun> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        FactbookQuestions factbook = new FactbookQuestions(Factbook.read(folder));
        terminal.remark("train: %s", DocumentStatistics.of(factbook.trainSpans()));
        terminal.remark("test: %s", DocumentStatistics.of(factbook.testSpans()));
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        JsonLines<FactbookRun.Figures> lines = new JsonLines<>(out, FactbookRun.Figures.class);
        List<FactbookRun.Figures> done = lines.read();
        try (StopSignal stop = StopSignal.onShutdown()) {
            for (int i = shard[0]; i < runs.size(); i += shard[1]) {
                FactbookRun run = runs.get(i);
                if (done.stream().noneMatch(run::made)) {
                    FactbookRun.Figures figures =
                            run.run(factbook, arguments.path("save", null), stop);
                    if (figures == null) {
                        terminal.remark("stopped; the same command goes on with --work");
                        return Main.INTERRUPTED;
                    }
                    lines.append(List.of(figures));
                    terminal.remark("%s", figures);
                }
            }
        }
        return Main.OK;
    }

    private static List<FactbookRun> runs(Arguments arguments) {
        List<FactbookVariant> variants =
                RecipeOptions.list(
                        arguments,
                        "variants",
                        ALL,
                        name -> FactbookVariant.valueOf(name.toUpperCase(Locale.ROOT)));
        List<Long> seeds =
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf);
        List<FactbookRun> runs = new ArrayList<>();
        for (FactbookVariant variant : variants) {
            for (long seed : variant.trained() ? seeds : List.of(0L)) {
                runs.add(
                        new FactbookRun(
                                variant,
                                config(arguments, variant, seed),
                                J3Size.named(arguments.text("size", "tiny")),
                                arguments.integer("questions", 2_000, 0)));
            }
        }
        return runs;
    }

    private static SpanConfig config(Arguments arguments, FactbookVariant variant, long seed) {
        String name = "%s-%d".formatted(variant.name().toLowerCase(Locale.ROOT), seed);
        Path work = arguments.has("work") ? arguments.path("work", null).resolve(name) : null;
        return new SpanConfig(
                arguments.integer("steps", 4_000, 1),
                arguments.integer("batch-size", 16, 1),
                arguments.integer("excerpt", 2_048, 16),
                arguments.number("rate", 1e-3, 1e-9, 1),
                0.01,
                seed,
                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                FineTuneOptions.device(arguments),
                work,
                work != null);
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<FactbookRun.Figures> figures =
                new JsonLines<>(lines, FactbookRun.Figures.class).read();
        int steps = figures.stream().mapToInt(FactbookRun.Figures::steps).max().orElse(0);
        int questions = figures.stream().mapToInt(FactbookRun.Figures::questions).max().orElse(0);
        return FactbookTable.of(
                figures,
                "jzoo reproduce factbook --factbook DIR --steps %d --questions %d"
                        .formatted(steps, questions),
                commit,
                machine);
    }
}
