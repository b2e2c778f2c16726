package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.lite.LiteFigures;
import org.jzoo.examples.lite.LiteVariant;
import org.jzoo.examples.lite.LiteVqaConfig;
import org.jzoo.examples.lite.LiteVqaRun;
import org.jzoo.examples.lite.LiteVqaTable;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce j2-lite-vqa}: J1 at a quarter of its weights and 4 bits. */
final class LiteVqaRecipe extends RecordedRecipe {

    private static final double SHARE = 0.25;
    private static final int EPOCHS = 32;
    private static final int ROUNDED_EPOCHS = 8;
    private static final String ALL =
            LiteVqaRun.VARIANTS.stream().map(LiteVariant::label).collect(Collectors.joining(","));

    @Override
    public String name() {
        return "j2-lite-vqa";
    }

    @Override
    public List<String> usage() {
        return List.of("--models DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "models",
                        "DIR",
                        "folder of the teachers j1-full-SEED, as jzoo reproduce j1 --variants full"
                                + " --mirror --save DIR leaves them"),
                RecipeOptions.variants(ALL),
                FineTuneOptions.valued("params", "SHARE", "weights that stay [25%]"),
                FineTuneOptions.valued("epochs", "N", "passes over the training pictures [32]"),
                FineTuneOptions.valued(
                        "rounded-epochs",
                        "N",
                        "further passes with rounded weights, 0 to round without learning [8]"),
                FineTuneOptions.valued("pictures", "N", "training pictures that are used [9800]"),
                FineTuneOptions.valued(
                        "batch-pictures",
                        "N",
                        "pictures of a batch, each with all its questions [64]"),
                FineTuneOptions.valued(
                        "hidden", "X", "weight of the teacher's hidden states in the loss [1]"),
                RecipeOptions.rate("0.001"),
                RecipeOptions.work(),
                RecipeOptions.save(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce j2-lite-vqa --models models",
                "jzoo reproduce j2-lite-vqa --models models --seeds 17 --variants full",
                "jzoo reproduce j2-lite-vqa --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path work = arguments.path("work", out.resolveSibling("j2-lite-vqa-work"));
        LiteVqaConfig config =
                new LiteVqaConfig(
                        arguments.existing("models"),
                        work,
                        arguments.path("save", work),
                        CompressCommand.share(arguments.text("params", "25%")),
                        arguments.integer("epochs", EPOCHS, 1),
                        arguments.integer("rounded-epochs", ROUNDED_EPOCHS, 0),
                        arguments.integer("pictures", 9_800, 1),
                        arguments.integer("batch-pictures", 64, 1),
                        arguments.number("rate", 1e-3, 1e-9, 1),
                        arguments.number("hidden", 1, 0, 1e6),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                        FineTuneOptions.device(arguments));
        List<Long> seeds =
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf);
        List<LiteVariant> variants =
                RecipeOptions.list(arguments, "variants", ALL, LiteVariant::named);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        terminal.remark("figures go to %s", out);
        for (int i = shard[0]; i < seeds.size(); i += shard[1]) {
            LiteVqaRun.run(
                    config, seeds.get(i), variants, out, f -> terminal.remark("%s", line(f)));
        }
        return Main.OK;
    }

    private static String line(LiteFigures f) {
        return "seed %d %s %s: %s, %,d weights, %,d bytes, %.0f s"
                .formatted(
                        f.seed(),
                        f.variant(),
                        f.step(),
                        f.metrics(),
                        f.weights(),
                        f.bytes(),
                        f.seconds());
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<LiteFigures> figures = new JsonLines<>(lines, LiteFigures.class).read();
        String command =
                MadeBy.of(
                        name(),
                        figures,
                        f ->
                                MadeBy.options("--models DIR")
                                        .withShare("params", f.share(), SHARE)
                                        .with("epochs", f.steps().get(0), EPOCHS)
                                        .with("rounded-epochs", f.steps().get(1), ROUNDED_EPOCHS)
                                        .in(f.precision()));
        return LiteVqaTable.of(figures, command, commit, machine);
    }
}
