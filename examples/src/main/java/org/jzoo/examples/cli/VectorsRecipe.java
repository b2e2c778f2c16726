package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.embedding.EmbeddingRun;
import org.jzoo.examples.embedding.EmbeddingTable;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce vectors}: half a speech looks for its other half. */
final class VectorsRecipe extends RecordedRecipe {

    private static final int EPOCHS = 100;
    private static final int BATCH = 16;
    private static final int LENGTH = 512;
    private static final int JUDGED_EVERY = 200; // steps

    @Override
    public String name() {
        return "vectors";
    }

    @Override
    public List<String> usage() {
        return List.of("--data DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "data", "DIR", "folder that datasets/scripts/fetch-speeches filled"),
                FineTuneOptions.valued("size", "NAME", "tiny, small or base [tiny]"),
                FineTuneOptions.valued(
                        "epochs", "N", "passes over the speeches [%d]".formatted(EPOCHS)),
                FineTuneOptions.valued(
                        "batch-size", "N", "speeches of a step [%d]".formatted(BATCH)),
                FineTuneOptions.valued(
                        "max-length", "N", "tokens of a part in training [%d]".formatted(LENGTH)),
                RecipeOptions.rate("0.001"),
                FineTuneOptions.flag("untrained", "only what is not trained: MiniLM and BM25"),
                RecipeOptions.save(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce vectors --data speeches",
                "jzoo reproduce vectors --data speeches --untrained",
                "jzoo reproduce vectors --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path data = arguments.existing("data");
        List<EmbeddingRun> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        List<Speech> speeches = UnionSpeeches.read(data);
        String hash = DataHash.sha256(UnionSpeeches.locate(data));
        JsonLines<EmbeddingRun.Figures> lines = lines(out);
        List<EmbeddingRun.Figures> done = lines.read();
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        try (StopSignal stop = StopSignal.onShutdown()) {
            for (int i = shard[0]; i < runs.size(); i += shard[1]) {
                if (done.stream().noneMatch(runs.get(i)::made)) {
                    List<EmbeddingRun.Figures> figures =
                            runs.get(i).run(speeches, hash, arguments.path("save", null), stop);
                    if (figures.isEmpty()) {
                        terminal.remark("stopped; the same command goes on with --work");
                        return Main.INTERRUPTED;
                    }
                    lines.append(figures);
                    figures.forEach(f -> terminal.remark("%s", f));
                }
            }
        }
        return Main.OK;
    }

    private static List<EmbeddingRun> runs(Arguments arguments) throws IOException {
        List<EmbeddingRun> runs = new ArrayList<>();
        J3Parts parts = J3Parts.of(J3Size.named(arguments.text("size", "tiny"))).build();
        FreshJ3 fresh = new FreshJ3(parts, TokenizerFile.of("minilm-l6"));
        if (!arguments.has("untrained")) {
            for (long seed :
                    RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
                runs.add(new EmbeddingRun(fresh, config(arguments, seed)));
            }
        }
        runs.add(new EmbeddingRun(null, config(arguments, 0)));
        return runs;
    }

    private static FineTuneConfig config(Arguments arguments, long seed) {
        Path work =
                arguments.has("work")
                        ? arguments.path("work", null).resolve(Long.toString(seed))
                        : null;
        return FineTuneConfig.builder()
                .optEpochs(arguments.integer("epochs", EPOCHS, 1))
                .optBatchSize(arguments.integer("batch-size", BATCH, 2))
                .optMaxLength(arguments.integer("max-length", LENGTH, 16))
                .optLearningRate(arguments.number("rate", 1e-3, 1e-9, 1))
                .optWeightDecay(0.01)
                .optEvaluateEvery(JUDGED_EVERY)
                .optPrecision(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                .optSeed(seed)
                .optDevice(FineTuneOptions.device(arguments))
                .optWork(work)
                .optResume(work != null)
                .build();
    }

    @Override
    ResultsFile table(Path out, String commit, Environment machine) throws IOException {
        List<EmbeddingRun.Figures> figures = lines(out).read();
        return EmbeddingTable.of(
                name(), figures, "jzoo reproduce vectors --data DIR", commit, machine);
    }

    private static JsonLines<EmbeddingRun.Figures> lines(Path out) {
        return new JsonLines<>(out, EmbeddingRun.Figures.class);
    }
}
