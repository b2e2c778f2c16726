package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce vectors}: half a speech looks for its other half. */
final class VectorsRecipe extends RunsRecipe<EmbeddingRun> {

    private static final int EPOCHS = 100;
    private static final int BATCH = 16;
    private static final int LENGTH = 512;
    private static final double RATE = 1e-3;
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
                RecipeOptions.rate("" + RATE),
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
    List<EmbeddingRun> runs(Arguments arguments) throws IOException {
        Path data = arguments.existing("data");
        List<Speech> speeches = UnionSpeeches.read(data);
        String hash = DataHash.sha256(UnionSpeeches.locate(data));
        Path save = arguments.path("save", null);
        List<EmbeddingRun> runs = new ArrayList<>();
        J3Parts parts = J3Parts.of(J3Size.named(arguments.text("size", "tiny"))).build();
        FreshJ3 fresh = new FreshJ3(parts, TokenizerFile.of("minilm-l6"));
        if (!arguments.has("untrained")) {
            for (long seed :
                    RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
                runs.add(new EmbeddingRun(fresh, config(arguments, seed), speeches, hash, save));
            }
        }
        runs.add(new EmbeddingRun(null, config(arguments, 0), speeches, hash, save));
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
                .optLearningRate(arguments.number("rate", RATE, 1e-9, 1))
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
    Predicate<EmbeddingRun> made(Path file) throws IOException {
        List<EmbeddingRun.Figures> done = lines(file).read();
        return run -> done.stream().anyMatch(run::made);
    }

    @Override
    Object run(EmbeddingRun run, Device device, Path file) throws IOException {
        try {
            List<EmbeddingRun.Figures> figures = run.run();
            lines(file).append(figures);
            return figures;
        } catch (MalformedModelException e) {
            throw new IOException(e);
        }
    }

    @Override
    ResultsFile table(Path out, String commit, Environment machine) throws IOException {
        List<EmbeddingRun.Figures> figures = lines(out).read();
        String command =
                MadeBy.of(
                        name(),
                        figures.stream().filter(f -> f.steps() > 0).toList(),
                        f ->
                                MadeBy.options("--data DIR")
                                        .with("epochs", f.epochs(), EPOCHS)
                                        .with("batch-size", f.batchSize(), BATCH)
                                        .with("max-length", f.maxLength(), LENGTH)
                                        .with("rate", f.rate(), RATE)
                                        .in(f.precision()));
        return EmbeddingTable.of(name(), figures, command, commit, machine);
    }

    private static JsonLines<EmbeddingRun.Figures> lines(Path out) {
        return new JsonLines<>(out, EmbeddingRun.Figures.class);
    }
}
