package org.jzoo.examples.cli;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.factbook.Factbook;
import org.jzoo.datasets.factbook.FactbookLabels;
import org.jzoo.examples.longqa.SpanConfig;
import org.jzoo.examples.tagging.FactbookLabelsRun;
import org.jzoo.examples.tagging.FactbookLabelsTable;
import org.jzoo.examples.tagging.FactbookReader;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce factbook-labels}: values in pages of countries not trained on. */
final class FactbookLabelsRecipe
        extends FiguresRecipe<FactbookLabelsRun, FactbookLabelsRun.Figures> {

    private static final String SIZE = "tiny";
    private static final int STEPS = 1200;
    private static final int BATCH = 8;
    private static final int EXCERPT = 2048;
    private static final int WINDOW = 256;
    private static final double RATE = 1e-3;
    private static final double ENCODER_RATE = 3e-4;

    FactbookLabelsRecipe() {
        super(FactbookLabelsRun.Figures.class);
    }

    @Override
    public String name() {
        return "factbook-labels";
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
                RecipeOptions.variants("j3,minilm"),
                FineTuneOptions.valued("size", "NAME", "of the J3: tiny, small or base [tiny]"),
                FineTuneOptions.valued("steps", "N", "optimizer steps of a run [" + STEPS + "]"),
                FineTuneOptions.valued(
                        "batch-size", "N", "excerpts of a J3's step [" + BATCH + "]"),
                FineTuneOptions.valued(
                        "excerpt", "N", "tokens of an excerpt in training [" + EXCERPT + "]"),
                FineTuneOptions.valued(
                        "window",
                        "N",
                        "tokens that MiniLM reads at once; its steps are of as many tokens ["
                                + WINDOW
                                + "]"),
                RecipeOptions.rate("" + RATE),
                FineTuneOptions.valued(
                        "encoder-rate",
                        "X",
                        "MiniLM's highest learning rate [" + ENCODER_RATE + "]"),
                RecipeOptions.save(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce factbook-labels --factbook flags/factbook --bf16",
                "jzoo reproduce factbook-labels --factbook flags/factbook --variants j3 --seeds 17"
                        + " --save models",
                "jzoo reproduce factbook-labels --table");
    }

    @Override
    List<FactbookLabelsRun> runs(Arguments arguments) {
        FactbookLabels data = new FactbookLabels(Factbook.read(arguments.existing("factbook")));
        List<FactbookReader> readers =
                RecipeOptions.list(
                        arguments,
                        "variants",
                        "j3,minilm",
                        name -> FactbookReader.valueOf(name.toUpperCase(Locale.ROOT)));
        String size = arguments.text("size", SIZE);
        J3Size.named(size); // refuses others before anything is trained
        List<FactbookLabelsRun> runs = new ArrayList<>();
        for (long seed :
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
            for (FactbookReader reader : readers) {
                runs.add(
                        new FactbookLabelsRun(
                                reader,
                                config(arguments, reader, seed),
                                size,
                                arguments.integer("window", WINDOW, 16),
                                data,
                                arguments.path("save", null)));
            }
        }
        return runs;
    }

    private static SpanConfig config(Arguments arguments, FactbookReader reader, long seed) {
        String name = "%s-%d".formatted(reader.name().toLowerCase(Locale.ROOT), seed);
        Path work = arguments.has("work") ? arguments.path("work", null).resolve(name) : null;
        return new SpanConfig(
                arguments.integer("steps", STEPS, 1),
                arguments.integer("batch-size", BATCH, 1),
                arguments.integer("excerpt", EXCERPT, 16),
                reader == FactbookReader.J3
                        ? arguments.number("rate", RATE, 1e-9, 1)
                        : arguments.number("encoder-rate", ENCODER_RATE, 1e-9, 1),
                0.01,
                seed,
                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                FineTuneOptions.device(arguments),
                work,
                work != null);
    }

    @Override
    boolean made(FactbookLabelsRun run, FactbookLabelsRun.Figures figures) {
        return run.made(figures);
    }

    @Override
    List<FactbookLabelsRun.Figures> make(FactbookLabelsRun run)
            throws IOException, MalformedModelException {
        return run.run();
    }

    @Override
    ResultsFile table(Path file, String commit, Environment machine) throws IOException {
        List<FactbookLabelsRun.Figures> figures = figures(file);
        String command =
                MadeBy.of(
                        name(),
                        figures,
                        f -> f.reader().toLowerCase(Locale.ROOT),
                        f ->
                                MadeBy.options("--factbook DIR")
                                        .with("steps", f.steps(), STEPS)
                                        .with("batch-size", f.batchSize(), BATCH)
                                        .with("excerpt", f.excerpt(), EXCERPT)
                                        .with("window", f.window(), WINDOW)
                                        .with("size", f.size(), SIZE)
                                        .with(
                                                isJ3(f) ? "rate" : "encoder-rate",
                                                f.rate(),
                                                isJ3(f) ? RATE : ENCODER_RATE)
                                        .in(f.numbers()));
        return FactbookLabelsTable.of(figures, command, commit, machine);
    }

    private static boolean isJ3(FactbookLabelsRun.Figures figures) {
        return figures.reader().equals(FactbookReader.J3.name());
    }
}
