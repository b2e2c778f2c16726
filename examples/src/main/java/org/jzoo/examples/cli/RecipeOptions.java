package org.jzoo.examples.cli;

import ai.djl.engine.Engine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.SourceCommit;
import org.jzoo.training.report.picture.Pictures;

/** The options that all recipes understand. */
final class RecipeOptions {

    /** The seeds of published figures. */
    static final String SEEDS = "17,19,23";

    private RecipeOptions() {}

    static List<Option> all() {
        return List.of(
                FineTuneOptions.valued("seeds", "NUMBERS", "comma-separated seeds [17,19,23]"),
                FineTuneOptions.valued("out", "FILE", "file of JSON lines [results/NAME.jsonl]"),
                FineTuneOptions.valued(
                        "shard", "I/N", "makes each N-th run from the I-th on, from 0 [0/1]"),
                FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"),
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"),
                FineTuneOptions.valued("threads", "N", "threads of an operator [all processors]"),
                FineTuneOptions.flag(
                        "table", "runs nothing; summarises --out in NAME.json beside it"));
    }

    /** {@code --glue}. */
    static Option glue() {
        return FineTuneOptions.valued("glue", "DIR", "folder with GLUE's folders: SST-2, MRPC...");
    }

    /** {@code --limit}. */
    static Option limit() {
        return FineTuneOptions.valued("limit", "N", "rows of a file at most [all]");
    }

    /** {@code --work}. */
    static Option work() {
        return FineTuneOptions.valued(
                "work",
                "DIR",
                "folder of checkpoints, from which a run that was stopped goes on by the same"
                        + " command");
    }

    /** {@code --save}. */
    static Option save() {
        return FineTuneOptions.valued(
                "save", "DIR", "folder in which each model is saved by its name and seed");
    }

    /** {@code --variants}. */
    static Option variants(String all) {
        return FineTuneOptions.valued(
                "variants", "NAMES", "comma-separated variants [" + all + "]");
    }

    /** {@code --machine}. */
    static Option machine() {
        return FineTuneOptions.valued(
                "machine", "TEXT", "with --table: where the runs were made, if not here");
    }

    /** {@code --commit}. */
    static Option commit() {
        return FineTuneOptions.valued(
                "commit", "HASH", "with --table: of the code that made the runs [this one's]");
    }

    /** {@code --commit}, else that of the checkout in which a table is written. */
    static String commit(Arguments arguments, Path folder) {
        return arguments.has("commit") ? arguments.text("commit") : SourceCommit.of(folder);
    }

    /** {@code --rate}. */
    static Option rate(String usual) {
        return FineTuneOptions.valued("rate", "X", "the highest learning rate [" + usual + "]");
    }

    /** Applies {@code --threads}. */
    static void setThreads(Arguments arguments) {
        int threads = arguments.integer("threads", 0, 1);
        if (threads > 0) {
            PyTorch.setThreads(threads);
        }
    }

    /** What a table is called whose figures are in a file: the file's name without its ending. */
    static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    /** The folder of a file. */
    static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath().getRoot() : parent;
    }

    /** Fails unless there is something to summarise. */
    static void requireLines(Path out) {
        if (!Files.exists(out)) {
            throw new UsageException("--out must exist to be summarised, got " + out);
        }
    }

    /** Sets the threads and makes the folder of the figures. */
    static void prepare(Arguments arguments, Path out) throws IOException {
        setThreads(arguments);
        Files.createDirectories(folderOf(out));
    }

    /** Makes the table of figures that a commit and a machine brought forth. */
    @FunctionalInterface
    interface TableOf {
        ResultsFile table(String commit, Environment machine);
    }

    /** Writes the table and the picture of figures beside them and prints the table. */
    static int publish(
            Path figures, TableOf table, Supplier<BufferedImage> picture, Terminal terminal)
            throws IOException {
        Path folder = folderOf(figures);
        ResultsFile file = table.table(SourceCommit.of(folder), environment());
        return publish(file, picture.get(), folder, terminal);
    }

    /** Writes NAME.json and NAME.png and prints the table. */
    static int publish(ResultsFile file, BufferedImage picture, Path folder, Terminal terminal)
            throws IOException {
        Path table = file.write(folder);
        Path image = folder.resolve(file.name() + ".png");
        Pictures.write(picture, image);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s and %s", table, image);
        return Main.OK;
    }

    /** The machine that {@code --machine} names, or this one, and its versions. */
    static Environment environment(Arguments arguments) {
        return arguments.has("machine")
                ? environment().withMachine(arguments.text("machine"))
                : environment();
    }

    /** This machine and its versions. */
    static Environment environment() {
        Map<String, String> versions = new LinkedHashMap<>(); // the same order in every table
        versions.put("DJL", Engine.getDjlVersion());
        versions.put("PyTorch", PyTorch.engine().getVersion());
        return Environment.current(versions);
    }

    /** A comma-separated option. */
    static <T> List<T> list(
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

    /** {@code --shard} as index and count. */
    static int[] shard(Arguments arguments) {
        String text = arguments.text("shard", "0/1");
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
