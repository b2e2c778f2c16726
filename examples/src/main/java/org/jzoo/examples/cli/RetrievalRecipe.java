package org.jzoo.examples.cli;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.retrieval.RetrievalConfig;
import org.jzoo.examples.retrieval.RetrievalData;
import org.jzoo.examples.retrieval.RetrievalRun;
import org.jzoo.examples.retrieval.RetrievalTable;
import org.jzoo.examples.retrieval.RetrievalVariant;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;

/** {@code jzoo reproduce retrieval}: emoji and flags found by their texts, and the reverse. */
final class RetrievalRecipe implements Recipe {

    private static final List<String> STYLES = List.of("google", "twitter");
    private static final String ALL =
            Arrays.stream(RetrievalVariant.values())
                    .map(RetrievalVariant::label)
                    .collect(Collectors.joining(","));

    private enum Data {
        EMOJI,
        FLAGS
    }

    @Override
    public String name() {
        return "retrieval";
    }

    @Override
    public List<String> usage() {
        return List.of("--pictures-folder DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "style", "NAME", "emoji: learns from google or twitter [google]"),
                FineTuneOptions.valued("batch-size", "N", "retrieval: pairs of a batch [256]"));
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce retrieval --pictures-folder emoji",
                "jzoo reproduce retrieval --pictures-folder flags --data flags --variants j1",
                "jzoo reproduce retrieval --table");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", Path.of("results/retrieval.jsonl"));
        return arguments.has("table")
                ? table(arguments, out, terminal)
                : measure(arguments, out, terminal);
    }

    private static int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        arguments.existing("pictures-folder");
        List<RetrievalConfig> runs = new ArrayList<>();
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            for (RetrievalVariant variant :
                    RecipeOptions.list(arguments, "variants", ALL, RetrievalVariant::named)) {
                runs.add(config(arguments, variant, seed));
            }
        }
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.setThreads(arguments);
        Files.createDirectories(RecipeOptions.folderOf(out));
        List<RetrievalRun.Figures> done = RetrievalRun.read(out);
        Device device = FineTuneOptions.device(arguments);
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        for (int i = shard[0]; i < runs.size(); i += shard[1]) {
            RetrievalConfig config = runs.get(i);
            RetrievalData data = data(arguments, config.seed());
            if (done.stream().noneMatch(figures -> figures.isOf(config, data.trained()))) {
                terminal.remark("%s", RetrievalRun.run(config, data, device, out));
            }
        }
        terminal.remark("done; jzoo reproduce retrieval --table makes the table");
        return Main.OK;
    }

    private static RetrievalData data(Arguments arguments, long seed) {
        Path folder = arguments.existing("pictures-folder");
        if (arguments.choice("data", Data.class, Data.EMOJI) == Data.FLAGS) {
            return RetrievalData.flags(folder, seed);
        }
        String style = arguments.text("style", STYLES.get(0));
        if (!STYLES.contains(style)) {
            throw new UsageException("--style must be one of %s, got %s".formatted(STYLES, style));
        }
        String other = STYLES.get(1 - STYLES.indexOf(style));
        return RetrievalData.emoji(folder, style, other, seed);
    }

    private static RetrievalConfig config(
            Arguments arguments, RetrievalVariant variant, long seed) {
        RetrievalConfig.Builder config =
                RetrievalConfig.builder(variant)
                        .optSeed(seed)
                        .optEpochs(arguments.integer("epochs", RetrievalConfig.EPOCHS, 1))
                        .optBatchSize(
                                arguments.integer("batch-size", RetrievalConfig.BATCH_SIZE, 2))
                        .optPrecision(
                                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32);
        if (arguments.has("rate")) {
            config.optLearningRate(arguments.number("rate", 1, 1e-9, 1));
        }
        String name =
                "%s-%s-%d"
                        .formatted(
                                variant.label(),
                                arguments.choice("data", Data.class, Data.EMOJI) == Data.FLAGS
                                        ? "flags"
                                        : arguments.text("style", STYLES.get(0)),
                                seed);
        if (arguments.has("save") && variant.isJ1()) {
            config.optSaveTo(Path.of(arguments.text("save")).resolve(name));
        }
        if (arguments.has("work")) {
            config.optWork(Path.of(arguments.text("work")).resolve(name));
        }
        return config.build();
    }

    private static int table(Arguments arguments, Path out, Terminal terminal) throws Exception {
        RecipeOptions.requireLines(out);
        Path folder = RecipeOptions.folderOf(out);
        ResultsFile file =
                RetrievalTable.of(
                        RetrievalRun.read(out),
                        "jzoo reproduce retrieval",
                        SourceCommit.of(folder),
                        RecipeOptions.environment(arguments));
        Path written = file.write(folder);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s", written);
        return Main.OK;
    }
}
