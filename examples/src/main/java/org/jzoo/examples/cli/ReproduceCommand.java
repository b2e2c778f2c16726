package org.jzoo.examples.cli;

import ai.djl.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.GlueRuns;
import org.jzoo.examples.recipe.GlueTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ReadmeTables;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;

/** {@code jzoo reproduce}: the published figures, measured again. */
final class ReproduceCommand implements Command {

    private static final String LINES = "results/glue.jsonl";

    @Override
    public String name() {
        return "reproduce";
    }

    @Override
    public String summary() {
        return "Measures the results on GLUE again; runs that are done are skipped.";
    }

    @Override
    public String usage() {
        return "glue --glue DIR [options] | glue --table [--out FILE]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                FineTuneOptions.valued(
                        "glue", "DIR", "folder with GLUE's folders: SST-2, MRPC..."));
        options.addOption(
                FineTuneOptions.valued(
                        "models", "NAMES", "comma-separated models [minilm-l6,bge-small-en]"));
        options.addOption(
                FineTuneOptions.valued(
                        "tasks", "NAMES", "comma-separated tasks [SST-2,CoLA,STS-B,MRPC,RTE]"));
        options.addOption(
                FineTuneOptions.valued("tunings", "KINDS", "comma-separated kinds [full,lora]"));
        options.addOption(
                FineTuneOptions.valued("seeds", "NUMBERS", "comma-separated seeds [17,19,23]"));
        options.addOption(
                FineTuneOptions.valued("out", "FILE", "file of JSON lines [%s]".formatted(LINES)));
        options.addOption(
                FineTuneOptions.valued(
                        "shard", "I/N", "makes each N-th run from the I-th on, from 0 [0/1]"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(
                FineTuneOptions.valued("threads", "N", "threads of an operator [all processors]"));
        options.addOption(
                FineTuneOptions.flag(
                        "table", "runs nothing; summarises --out in glue.json beside it"));
        options.addOption(
                FineTuneOptions.valued(
                        "document", "FILE", "what shows the table [README.md if there is one]"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce glue --glue glue",
                "jzoo reproduce glue --glue glue --models minilm-l6 --tasks RTE --seeds 17",
                "jzoo reproduce glue --table");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (!arguments.rest().equals(List.of("glue"))) {
            throw new UsageException(
                    "what to reproduce must be glue, got " + String.join(" ", arguments.rest()));
        }
        Path out = arguments.path("out", Path.of(LINES));
        return arguments.has("table")
                ? table(arguments, out, terminal)
                : measure(arguments, out, terminal);
    }

    private static int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path glue = arguments.existing("glue");
        GlueRuns runs =
                new GlueRuns(
                        list(arguments, "models", "minilm-l6,bge-small-en", name -> name),
                        list(arguments, "tasks", "SST-2,CoLA,STS-B,MRPC,RTE", GlueTask::named),
                        list(arguments, "tunings", "full,lora", ReproduceCommand::tuning),
                        list(arguments, "seeds", "17,19,23", Long::valueOf));
        int[] shard = shard(arguments.text("shard", "0/1"));
        int threads = arguments.integer("threads", 0, 1);
        if (threads > 0) {
            PyTorch.setThreads(threads);
        }
        if (out.toAbsolutePath().getParent() != null) {
            Files.createDirectories(out.toAbsolutePath().getParent());
        }
        terminal.remark("%d runs, figures go to %s", runs.runs().size(), out);
        runs.run(
                glue,
                out,
                FineTuneOptions.device(arguments),
                arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32,
                shard[0],
                shard[1]);
        terminal.remark("done; jzoo reproduce glue --table makes the table");
        return Main.OK;
    }

    private static int table(Arguments arguments, Path out, Terminal terminal) throws Exception {
        if (!Files.exists(out)) {
            throw new UsageException("--out must exist to be summarised, got " + out);
        }
        Path folder = out.toAbsolutePath().getParent();
        ResultsFile file =
                GlueTable.of(
                        GlueRuns.read(out),
                        "jzoo reproduce glue --glue DIR",
                        SourceCommit.of(folder),
                        Environment.current(
                                Map.of(
                                        "DJL",
                                        Engine.getDjlVersion(),
                                        "PyTorch",
                                        PyTorch.engine().getVersion())));
        Path written = file.write(folder);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s", written);
        Path document = arguments.path("document", Path.of("README.md"));
        if (Files.exists(document) && ReadmeTables.update(document, folder)) {
            terminal.remark("%s shows it", document);
        }
        return Main.OK;
    }

    private static <T> List<T> list(
            Arguments arguments, String option, String fallback, Function<String, T> read) {
        List<T> all = new ArrayList<>();
        for (String word : Arrays.asList(arguments.text(option, fallback).split(","))) {
            try {
                all.add(read.apply(word.strip()));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--%s: %s".formatted(option, e.getMessage()));
            }
        }
        return all;
    }

    private static String tuning(String word) {
        if (!word.equals("full") && !word.equals("lora")) {
            throw new IllegalArgumentException("tuning must be full or lora, got tuning=" + word);
        }
        return word;
    }

    private static int[] shard(String text) {
        if (text.matches("[0-9]{1,4}/[1-9][0-9]{0,3}")) {
            int slash = text.indexOf('/');
            int index = Integer.parseInt(text.substring(0, slash));
            int count = Integer.parseInt(text.substring(slash + 1));
            if (index < count) {
                return new int[] {index, count};
            }
        }
        throw new UsageException("--shard must be I/N with 0 <= I < N, got " + text);
    }
}
