package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.quantize.QuantizationRun;
import org.jzoo.examples.quantize.QuantizationTable;
import org.jzoo.examples.quantize.QuantizeMethod;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce quantization}: what few bits cost, by every method. */
final class QuantizationRecipe extends RecordedRecipe {

    private static final String TASK = "SST-2";
    private static final String MODEL = "minilm-l6";
    private static final String METHODS = "rtn,gptq,awq,squeeze,pq,qat";

    @Override
    public String name() {
        return "quantization";
    }

    @Override
    public List<String> usage() {
        return List.of("--glue DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                RecipeOptions.glue(),
                FineTuneOptions.valued("task", "NAME", "of GLUE [SST-2]"),
                FineTuneOptions.valued("models", "NAME", "what is tuned and rounded [minilm-l6]"),
                FineTuneOptions.valued("bits", "NUMBERS", "comma-separated bits [8,4,3]"),
                FineTuneOptions.valued(
                        "methods", "NAMES", "comma-separated methods [" + METHODS + "]"),
                FineTuneOptions.valued("group", "N", "weights that share a scale; 0 a row's [0]"),
                FineTuneOptions.valued("texts", "N", "that methods look at [128]"),
                FineTuneOptions.valued("epochs", "N", "of tuning [2]"),
                FineTuneOptions.valued("quant-steps", "N", "steps with rounded weights [1000]"),
                RecipeOptions.limit(),
                RecipeOptions.work(),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce quantization --glue glue",
                "jzoo reproduce quantization --glue glue --bits 3 --methods rtn,gptq --seeds 17",
                "jzoo reproduce quantization --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        QuantizationRun.Config config =
                new QuantizationRun.Config(
                        arguments.existing("glue"),
                        RecipeOptions.list(arguments, "task", TASK, GlueTask::named).get(0),
                        arguments.text("models", MODEL),
                        arguments.integer("epochs", 2, 1),
                        arguments.integer("quant-steps", 1000, 1),
                        arguments.integer("texts", 128, 1),
                        arguments.integer("group", 0, 0),
                        arguments.integer("limit", Integer.MAX_VALUE, 1),
                        arguments.path("work", out.resolveSibling("quantization-work")),
                        arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                        FineTuneOptions.device(arguments));
        List<String> methods =
                RecipeOptions.list(arguments, "methods", METHODS, QuantizationRecipe::method);
        List<Integer> bits =
                RecipeOptions.list(arguments, "bits", "8,4,3", QuantizationRecipe::bits);
        RecipeOptions.prepare(arguments, out);
        terminal.remark("figures go to %s", out);
        QuantizationRun.run(
                config,
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf),
                bits,
                methods,
                out,
                f ->
                        terminal.remark(
                                "%s seed %d, %d bits by %s: %s, divergence %.5f, %.0f s",
                                f.task(),
                                f.seed(),
                                f.bits(),
                                f.method(),
                                f.metrics(),
                                f.divergence(),
                                f.seconds()));
        return Main.OK;
    }

    private static String method(String name) {
        if (!name.equals(QuantizationRun.AWARE)
                && List.of(QuantizeMethod.values()).stream()
                        .noneMatch(m -> m.name().equalsIgnoreCase(name))) {
            throw new IllegalArgumentException(
                    "method must be one of %s, got method=%s".formatted(METHODS, name));
        }
        return name;
    }

    private static int bits(String text) {
        int bits = Integer.parseInt(text);
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException("bits must be in [2, 8], got bits=" + bits);
        }
        return bits;
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<QuantizationRun.Figures> figures =
                new JsonLines<>(lines, QuantizationRun.Figures.class).read();
        String command =
                MadeBy.of(
                        name(),
                        figures,
                        f ->
                                MadeBy.options("--glue DIR")
                                        .with("task", f.task(), TASK)
                                        .with("models", f.model(), MODEL)
                                        .with("group", f.group(), 0)
                                        .in(f.precision()));
        return QuantizationTable.of(figures, command, commit, machine);
    }
}
