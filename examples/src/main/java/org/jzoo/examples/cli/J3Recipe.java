package org.jzoo.examples.cli;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.recall.RecallConfig;
import org.jzoo.examples.recall.RecallRuns;
import org.jzoo.examples.recall.RecallTable;
import org.jzoo.examples.recall.RecallTask;
import org.jzoo.examples.recall.RecallText;
import org.jzoo.examples.recall.RecallVariant;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.Pictures;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo reproduce j3}: facts hidden in long texts, asked for far beyond what was trained. */
final class J3Recipe implements Recipe {

    private static final String ALL =
            Arrays.stream(RecallVariant.values())
                    .map(RecallVariant::label)
                    .collect(Collectors.joining(","));

    @Override
    public String name() {
        return "j3";
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
                RecipeOptions.variants(ALL),
                FineTuneOptions.valued(
                        "tasks",
                        "NAMES",
                        "some of passkey,key-values,two-facts,three-facts,counting"
                                + " [passkey,key-values]"),
                FineTuneOptions.flag("smoke", "tiny models and lengths, to see that it works"),
                FineTuneOptions.valued("steps", "N", "optimizer steps of a run [2400]"),
                RecipeOptions.work(),
                FineTuneOptions.valued("width", "N", "width of the model, 32 for each head [256]"),
                FineTuneOptions.valued(
                        "lengths",
                        "NUMBERS",
                        "lengths of training texts [128,256,512,1024,2048,4096]"),
                FineTuneOptions.valued("batch-tokens", "N", "tokens of a step [16384]"),
                RecipeOptions.rate("0.0015"),
                FineTuneOptions.valued(
                        "guidance",
                        "X",
                        "weight of the loss that tells retrieval which blocks answer, 0 for none"
                                + " [1]"),
                FineTuneOptions.valued(
                        "cuts", "N", "chunks that a training text may be read in [2]"),
                FineTuneOptions.valued(
                        "looks",
                        "N",
                        "ask after every chunk, N times at the end, with the last answer beside the"
                                + " question; 0 to ask once [0]"),
                FineTuneOptions.valued(
                        "judged-lengths",
                        "NUMBERS",
                        "lengths of texts that are asked about"
                                + " [4096,8192,16384,32768,65536,131072]"),
                FineTuneOptions.valued("longest", "N", "length for pass keys alone [1048576]"),
                FineTuneOptions.valued("examples", "N", "texts of a task at a length [128]"),
                FineTuneOptions.valued(
                        "judged-tokens", "N", "tokens asked about at once [4194304]"),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce j3 --data speeches --bf16",
                "jzoo reproduce j3 --data speeches --tasks two-facts,three-facts --looks 3 --bf16"
                        + " --variants j3",
                "jzoo reproduce j3 --data speeches --smoke --out smoke.jsonl",
                "jzoo reproduce j3 --table");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", Path.of("results/j3.jsonl"));
        return arguments.has("table")
                ? table(arguments, out, terminal)
                : measure(arguments, out, terminal);
    }

    private static int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path data = arguments.existing("data");
        RecallRuns runs =
                new RecallRuns(
                        RecipeOptions.list(arguments, "variants", ALL, RecallVariant::labelled),
                        RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf));
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.setThreads(arguments);
        Files.createDirectories(RecipeOptions.folderOf(out));
        RecallText text = RecallText.read(data);
        terminal.remark(
                "%d runs in sentences of %s, figures go to %s",
                runs.runs().size(), UnionSpeeches.locate(data), out);
        boolean done =
                runs.run(
                        text,
                        config(arguments),
                        out,
                        arguments.path("work", null),
                        FineTuneOptions.device(arguments),
                        shard[0],
                        shard[1]);
        terminal.remark(
                done
                        ? "done; jzoo reproduce j3 --table makes the table and the pictures"
                        : "stopped; the same command with --work goes on");
        return Main.OK;
    }

    private static RecallConfig config(Arguments arguments) {
        RecallConfig config = arguments.has("smoke") ? RecallConfig.smoke() : RecallConfig.full();
        RecallConfig.Training training = config.training();
        RecallConfig.Judging judging = config.judging();
        String lengths =
                training.lengths().stream().map(String::valueOf).collect(Collectors.joining(","));
        String asked =
                judging.lengths().stream().map(String::valueOf).collect(Collectors.joining(","));
        String rate = String.valueOf(training.learningRate());
        String tasks =
                config.tasks().stream().map(RecallTask::label).collect(Collectors.joining(","));
        int width = arguments.integer("width", config.size().dim(), 32);
        return config.withSize(size(config.size(), width))
                .withLooks(arguments.integer("looks", config.looks(), 0))
                .withTasks(RecipeOptions.list(arguments, "tasks", tasks, RecallTask::labelled))
                .withPrecision(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                .withTraining(
                        new RecallConfig.Training(
                                RecipeOptions.list(arguments, "lengths", lengths, Integer::valueOf),
                                arguments.integer("batch-tokens", training.batchTokens(), 1),
                                arguments.integer("steps", training.steps(), 1),
                                RecipeOptions.list(arguments, "rate", rate, Double::valueOf).get(0),
                                new RecallConfig.Aids(
                                        arguments.number(
                                                "guidance", training.aids().guidance(), 0, 1e3),
                                        arguments.integer("cuts", training.aids().cuts(), 1))))
                .withJudging(
                        new RecallConfig.Judging(
                                RecipeOptions.list(
                                        arguments, "judged-lengths", asked, Integer::valueOf),
                                arguments.integer("longest", judging.longest(), 0),
                                arguments.integer("examples", judging.examples(), 1),
                                arguments.integer("judged-tokens", judging.batchTokens(), 1)));
    }

    private static J3Size size(J3Size size, int width) {
        return width == size.dim()
                ? size
                : new J3Size(
                        width,
                        Math.max(1, width / 32),
                        size.numLayers(),
                        (width * 8 / 3 + 31) / 32 * 32,
                        size.chunkLength(),
                        size.blockLength(),
                        size.gradientChunks());
    }

    private static int table(Arguments arguments, Path out, Terminal terminal) throws Exception {
        RecipeOptions.requireLines(out);
        String name = RecipeOptions.nameOf(out);
        Path folder = RecipeOptions.folderOf(out);
        RecallTable table = new RecallTable(RecallRuns.read(out));
        ResultsFile file =
                table.table(
                        name,
                        table.command(),
                        RecipeOptions.commit(arguments, folder),
                        RecipeOptions.environment(arguments));
        for (Map.Entry<String, BufferedImage> sheet : table.sheets().entrySet()) {
            Path picture = folder.resolve("%s-by-place-%s.png".formatted(name, sheet.getKey()));
            Pictures.write(sheet.getValue(), picture);
        }
        return RecipeOptions.publish(file, table.picture(), folder, terminal);
    }
}
