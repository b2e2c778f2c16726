package org.jzoo.examples.cli;

import ai.djl.MalformedModelException;
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
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce vectors}: half a speech looks for its other half. */
final class VectorsRecipe extends FiguresRecipe<EmbeddingRun, EmbeddingRun.Figures> {

    private static final String SIZE = "tiny";
    private static final int EPOCHS = 100;
    private static final int BATCH = 16;
    private static final int LENGTH = 512;
    private static final double RATE = 1e-3;
    private static final int JUDGED_EVERY = 200; // steps

    VectorsRecipe() {
        super(EmbeddingRun.Figures.class);
    }

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
        String size = arguments.text("size", SIZE);
        J3Size.named(size); // refuses others before anything is trained
        if (!arguments.has("untrained")) {
            for (long seed :
                    RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
                runs.add(new EmbeddingRun(size, config(arguments, seed), speeches, hash, save));
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
    boolean made(EmbeddingRun run, EmbeddingRun.Figures figures) {
        return run.made(figures);
    }

    @Override
    List<EmbeddingRun.Figures> make(EmbeddingRun run) throws IOException, MalformedModelException {
        return run.run();
    }

    @Override
    ResultsFile table(Path out, String commit, Environment machine) throws IOException {
        List<EmbeddingRun.Figures> figures = figures(out);
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
                                        .with("size", f.size(), SIZE)
                                        .in(f.precision()));
        return EmbeddingTable.of(RecipeOptions.nameOf(out), figures, command, commit, machine);
    }
}
