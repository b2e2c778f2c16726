package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.length.LengthConfig;
import org.jzoo.examples.length.LengthRun;
import org.jzoo.examples.length.LengthRuns;
import org.jzoo.examples.length.LengthScheme;
import org.jzoo.examples.length.LengthTable;
import org.jzoo.examples.length.LengthText;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.Pictures;

/** {@code jzoo reproduce length}: train short, test long. */
final class LengthRecipe extends RecordedRecipe {

    private static final String ALL =
            Arrays.stream(LengthScheme.values())
                    .map(LengthScheme::label)
                    .collect(Collectors.joining(","));

    @Override
    public String name() {
        return "length";
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
                FineTuneOptions.valued(
                        "books", "PATH", "a .txt file or a folder of them, read too [none]"),
                FineTuneOptions.valued("schemes", "NAMES", "comma-separated schemes [all]"),
                FineTuneOptions.valued("steps", "N", "optimizer steps of a run [1500]"),
                FineTuneOptions.valued("length", "N", "characters of a training window [512]"),
                FineTuneOptions.valued(
                        "lengths", "NUMBERS", "lengths to read at [512,1024,2048,4096,8192]"),
                FineTuneOptions.valued("windows", "N", "places in held-out texts [128]"),
                FineTuneOptions.valued("judged-tokens", "N", "characters read at once [65536]"),
                RecipeOptions.work(),
                FineTuneOptions.flag("smoke", "tiny models and lengths, to see that it works"),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce length --data speeches --bf16",
                "jzoo reproduce length --data speeches --books moby-dick.txt --length 4096"
                        + " --lengths 4096,32768 --judged-tokens 131072 --schemes j3,alibi --out"
                        + " far.jsonl",
                "jzoo reproduce length --data speeches --smoke --out smoke.jsonl",
                "jzoo reproduce length --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws IOException {
        Path data = arguments.existing("data");
        LengthRuns runs =
                new LengthRuns(
                        RecipeOptions.list(arguments, "schemes", ALL, LengthScheme::labelled),
                        RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf));
        LengthConfig config = config(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        LengthText text = LengthText.read(data);
        if (arguments.has("books")) {
            text = text.withBooks(arguments.existing("books"));
        }
        terminal.remark(
                "%d runs on %,d characters of %s, figures go to %s",
                runs.runs().size(), text.train().length, UnionSpeeches.locate(data), out);
        boolean done =
                runs.run(
                        text,
                        config,
                        out,
                        arguments.path("work", null),
                        FineTuneOptions.device(arguments),
                        shard[0],
                        shard[1]);
        if (!done) {
            terminal.remark("stopped; the same command goes on with --work");
        }
        return done ? Main.OK : Main.INTERRUPTED;
    }

    private static LengthConfig config(Arguments arguments) {
        LengthConfig config = arguments.has("smoke") ? LengthConfig.smoke() : LengthConfig.full();
        LengthConfig.Judging judging = config.judging();
        String lengths = words(judging.lengths());
        return config.withPrecision(arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32)
                .withSteps(arguments.integer("steps", config.training().steps(), 1))
                .withLength(arguments.integer("length", config.training().length(), 2))
                .withJudging(
                        new LengthConfig.Judging(
                                arguments.integer("windows", judging.windows(), 1),
                                judging.targets(),
                                RecipeOptions.list(arguments, "lengths", lengths, Integer::valueOf),
                                arguments.integer("judged-tokens", judging.batchTokens(), 1)));
    }

    @Override
    ResultsFile table(Path lines, String commit, Environment machine) throws IOException {
        List<LengthRun.Figures> figures = LengthRuns.read(lines);
        LengthConfig full = LengthConfig.full();
        LengthConfig.Training usual = full.training();
        String lengths =
                words(
                        figures.stream()
                                .flatMap(f -> f.bits().keySet().stream())
                                .distinct()
                                .sorted()
                                .toList());
        boolean books = figures.stream().anyMatch(f -> !f.judged().equals(LengthText.SPEECHES));
        return new LengthTable(figures)
                .table(
                        RecipeOptions.nameOf(lines),
                        MadeBy.of(
                                name(),
                                figures,
                                f ->
                                        MadeBy.options(
                                                        "--data DIR"
                                                                + (books ? " --books FILE" : ""))
                                                .with("length", f.trainLength(), usual.length())
                                                .with("steps", f.steps(), usual.steps())
                                                .with(
                                                        "lengths",
                                                        lengths,
                                                        words(full.judging().lengths()))
                                                .in(f.precision())),
                        commit,
                        machine);
    }

    private static String words(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    void written(Arguments arguments, Path folder, Terminal terminal) throws IOException {
        Path lines = arguments.path("out", lines(arguments));
        Path picture = folder.resolve(RecipeOptions.nameOf(lines) + ".png");
        Pictures.write(new LengthTable(LengthRuns.read(lines)).picture(), picture);
        terminal.remark("the picture is %s", picture);
    }
}
