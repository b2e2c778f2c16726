package org.jzoo.examples.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.AttentionBench;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.EncodeBench;
import org.jzoo.examples.bench.EncodeBenchConfig;
import org.jzoo.examples.bench.ExpertsBench;
import org.jzoo.examples.bench.GenerateBench;
import org.jzoo.examples.bench.J3Bench;
import org.jzoo.examples.bench.LoadBench;
import org.jzoo.examples.bench.TrainBench;
import org.jzoo.examples.bench.VqaBench;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.Pictures;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.weights.NearestName;

/** {@code jzoo bench}: this library against others, on this machine. */
final class BenchCommand implements Command {

    private static final List<String> KINDS =
            List.of(
                    "encode",
                    "train",
                    "load",
                    "attention",
                    "generate",
                    "experts",
                    "vqa",
                    "j3",
                    "compressed");

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "Measures encoding and loading against ONNX Runtime, training against DJL's own,"
                + " mixers by length, experts against a dense layer, J1 against models of one"
                + " modality, J3 by length and against full attention, and a compressed model"
                + " against its teacher.";
    }

    @Override
    public String usage() {
        return "encode|train|load|attention|experts|generate|vqa|j3|compressed [options]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.flag("quick", "measures a few times only"));
        options.addOption(
                FineTuneOptions.valued(
                        "model", "NAME", "encode and load: a pretrained model [minilm-l6]"));
        options.addOption(
                FineTuneOptions.valued(
                        "seconds",
                        "X",
                        "encode, compressed, vqa: seconds for each batch [20]; attention: longest"
                                + " step [60]"));
        options.addOption(
                FineTuneOptions.valued(
                        "size",
                        "NAMES",
                        "vqa: sizes of J1 of tiny, small, base, xl [tiny,small,base]; j3: one of"
                                + " tiny, small, base, h200 [tiny]"));
        options.addOption(
                FineTuneOptions.valued(
                        "teacher", "DIR", "compressed: model folder or name [bge-small-en]"));
        options.addOption(
                FineTuneOptions.valued(
                        "student",
                        "DIR",
                        "compressed: model folder or name [random weights of 4 bits, 4 layers]"));
        options.addOption(
                FineTuneOptions.flag(
                        "scale", "compressed: 300 M and 1.2 B random weights in 4 bits instead"));
        options.addOption(FineTuneOptions.flag("bf16", "j3: matrix products in bfloat16"));
        options.addOption(
                FineTuneOptions.valued(
                        "rounds",
                        "N",
                        "train, attention, experts: measured steps; load: starts [15; 5; 5]"));
        options.addOption(
                FineTuneOptions.valued(
                        "python",
                        "NAME",
                        "train: an interpreter that has torch, to be measured too [none]"));
        options.addOption(FineTuneOptions.valued("batch-size", "N", "train: rows [32]"));
        options.addOption(
                FineTuneOptions.valued(
                        "length",
                        "N",
                        "tokens: train, of a row [64]; generate, of a prompt [128]"));
        options.addOption(
                FineTuneOptions.valued(
                        "max-length", "N", "attention: tokens of the longest input [65536]"));
        options.addOption(
                FineTuneOptions.valued(
                        "device",
                        "NAME",
                        "train, experts, attention, generate, vqa: cpu or gpu [gpu if there is"
                                + " one]"));
        options.addOption(FineTuneOptions.valued("tokens", "N", "experts: tokens [4096]"));
        options.addOption(
                FineTuneOptions.valued(
                        "dim", "N", "experts: width; an expert's is 4 times it [512]"));
        options.addOption(
                FineTuneOptions.valued("threads", "N", "threads of an operator [all processors]"));
        options.addOption(
                FineTuneOptions.valued(
                        "results",
                        "FILE",
                        "writes the figures for jzoo readme: results/NAME.json"));
        options.addOption(
                FineTuneOptions.valued("new-tokens", "N", "generate: tokens of a row [32]"));
        options.addOption(FineTuneOptions.flag("json", "prints the figures as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo bench encode --quick",
                "jzoo bench train --results results/bench-train.json",
                "jzoo bench load --rounds 9",
                "jzoo bench attention --max-length 8192",
                "jzoo bench compressed --teacher my-model --student my-small-model");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() != 1 || !KINDS.contains(arguments.rest().get(0))) {
            String got = String.join(" ", arguments.rest());
            throw new UsageException(
                    "what to measure must be one of %s, got %s%s"
                            .formatted(KINDS, got, NearestName.hint(got, KINDS)));
        }
        String kind = arguments.rest().get(0);
        Path path = arguments.path("results", null);
        if (path != null && !path.getFileName().toString().endsWith(".json")) {
            throw new UsageException("--results must be a .json file, got " + path);
        }
        String name =
                path == null
                        ? "bench-" + kind
                        : path.getFileName().toString().replaceAll("\\.json$", "");
        ResultsFile file =
                switch (kind) {
                    case "encode" -> encode(arguments, name, terminal);
                    case "train" -> train(arguments, name, terminal);
                    case "generate" -> generate(arguments, name, terminal);
                    case "attention" -> attention(arguments, name, path, terminal);
                    case "experts" -> experts(arguments, name, terminal);
                    case "vqa" -> vqa(arguments, name, terminal);
                    case "j3" -> j3(arguments, name, terminal);
                    case "compressed" -> CompressedBenches.run(arguments, name, terminal);
                    default -> load(arguments, name, terminal);
                };
        if (path != null) {
            file.write(path.toAbsolutePath().getParent());
            terminal.remark("written to %s", path);
        }
        if (arguments.has("json")) {
            terminal.json(file.rows());
        } else {
            terminal.print("%s", file.toMarkdown().stripTrailing());
        }
        return Main.OK;
    }

    private static String model(Arguments arguments) {
        String model = arguments.text("model", "minilm-l6");
        List<String> names = Pretrained.ALL.stream().map(Pretrained::name).toList();
        if (Pretrained.of(model).isEmpty()) {
            throw new UsageException(
                    "--model must be one of %s, got %s%s"
                            .formatted(names, model, NearestName.hint(model, names)));
        }
        return model;
    }

    static int threads(Arguments arguments) {
        return arguments.integer("threads", Runtime.getRuntime().availableProcessors(), 1);
    }

    private static ResultsFile encode(Arguments arguments, String name, Terminal terminal)
            throws Exception {
        boolean quick = arguments.has("quick");
        EncodeBenchConfig config =
                new EncodeBenchConfig(
                        model(arguments),
                        EncodeBenchConfig.USUAL_SHAPES,
                        EncodeBenchConfig.MODES,
                        threads(arguments),
                        arguments.number("seconds", quick ? 2 : 20, 0.1, 3600));
        return BenchTables.encode(
                name,
                "jzoo bench encode --threads " + config.threads(),
                new EncodeBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile train(Arguments arguments, String name, Terminal terminal)
            throws Exception {
        boolean quick = arguments.has("quick");
        int rows = arguments.integer("batch-size", 32, 1);
        int tokens = arguments.integer("length", 64, 1);
        int rounds = arguments.integer("rounds", quick ? 3 : 15, 1);
        int threads = threads(arguments);
        PyTorch.setThreads(threads);
        Device device = FineTuneOptions.device(arguments);
        TrainBench.Config config =
                new TrainBench.Config(
                        rows,
                        tokens,
                        rounds,
                        quick ? 1 : 3,
                        device,
                        threads,
                        arguments.text("python", null));
        return BenchTables.train(
                name,
                config.command(),
                new TrainBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile load(Arguments arguments, String name, Terminal terminal)
            throws Exception {
        int starts = arguments.integer("rounds", arguments.has("quick") ? 1 : 5, 1);
        String model = model(arguments);
        return BenchTables.load(
                name,
                "jzoo bench load --model %s --rounds %d".formatted(model, starts),
                new LoadBench(model, starts, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile attention(
            Arguments arguments, String name, Path path, Terminal terminal) throws Exception {
        Device device = FineTuneOptions.device(arguments);
        boolean quick = arguments.has("quick");
        AttentionBench.Config config =
                new AttentionBench.Config(
                        arguments.integer("max-length", quick ? 4096 : 65_536, 512),
                        arguments.integer("rounds", quick ? 2 : 5, 1),
                        threads(arguments),
                        arguments.number("seconds", 60, 0.1, 3600),
                        device);
        List<AttentionBench.Row> rows =
                new AttentionBench(config, line -> terminal.remark("%s", line)).run();
        if (path != null) {
            Path time = path.resolveSibling(name + "-time.png");
            Path memory = path.resolveSibling(name + "-memory.png");
            boolean drawn =
                    Pictures.tryWrite(time.toAbsolutePath(), () -> AttentionBench.timePicture(rows))
                            && Pictures.tryWrite(
                                    memory.toAbsolutePath(),
                                    () -> AttentionBench.memoryPicture(rows));
            terminal.remark("%s: %s, %s", drawn ? "drawn" : "not drawn", time, memory);
        }
        return BenchTables.attention(
                name,
                ("jzoo bench attention --device %s --max-length %d --rounds %d --threads %d"
                                + " --seconds %.0f")
                        .formatted(
                                device.getDeviceType(),
                                config.maxLength(),
                                config.rounds(),
                                config.threads(),
                                config.seconds()),
                rows);
    }

    private static ResultsFile experts(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int tokens = arguments.integer("tokens", 4096, 1);
        int dim = arguments.integer("dim", 512, 1);
        int rounds = arguments.integer("rounds", quick ? 3 : 15, 1);
        int threads = threads(arguments);
        PyTorch.setThreads(threads);
        Device device = FineTuneOptions.device(arguments);
        ExpertsBench.Config config =
                new ExpertsBench.Config(tokens, dim, 4 * dim, 8, 2, rounds, quick ? 1 : 3, device);
        return BenchTables.experts(
                name,
                "jzoo bench experts --device %s --tokens %d --dim %d --threads %d --rounds %d"
                        .formatted(device.getDeviceType(), tokens, dim, threads, rounds),
                new ExpertsBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile generate(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int threads = threads(arguments);
        PyTorch.setThreads(threads);
        GenerateBench.Config config =
                new GenerateBench.Config(
                        arguments.integer("length", quick ? 32 : 128, 1),
                        arguments.integer("new-tokens", quick ? 8 : 32, 2),
                        arguments.integer("rounds", quick ? 1 : 3, 1),
                        FineTuneOptions.device(arguments));
        return BenchTables.generate(
                name,
                "jzoo bench generate --device %s --length %d --new-tokens %d --threads %d --rounds %d"
                        .formatted(
                                config.device().getDeviceType(),
                                config.promptLength(),
                                config.newTokens(),
                                threads,
                                config.rounds()),
                new GenerateBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile vqa(Arguments arguments, String name, Terminal terminal) {
        int threads = threads(arguments);
        PyTorch.setThreads(threads);
        VqaBench.Config config =
                new VqaBench.Config(
                        RecipeOptions.list(
                                arguments, "size", "tiny,small,base", BenchCommand::size),
                        arguments.number("seconds", arguments.has("quick") ? 2 : 20, 0.1, 3600),
                        FineTuneOptions.device(arguments));
        return BenchTables.vqa(
                name,
                "jzoo bench vqa --device %s --size %s --threads %d --seconds %.0f"
                        .formatted(
                                config.device().getDeviceType(),
                                String.join(",", config.sizes()),
                                threads,
                                config.seconds()),
                new VqaBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile j3(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int threads = threads(arguments);
        PyTorch.setThreads(threads);
        String size = arguments.text("size", "tiny");
        Precision precision = arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32;
        J3Bench.Config config =
                new J3Bench.Config(
                        J3Size.named(size),
                        quick
                                ? List.of(8192, 16_384)
                                : List.of(8192, 16_384, 32_768, 65_536, 131_072, 262_144),
                        quick ? List.of(8192, 32_768) : List.of(65_536, 1 << 20),
                        quick ? 4096 : 32_768,
                        quick ? 8192 : 131_072,
                        arguments.integer("rounds", quick ? 1 : 3, 1),
                        precision,
                        FineTuneOptions.device(arguments));
        return BenchTables.j3(
                name,
                "jzoo bench j3 --device %s --size %s --threads %d --rounds %d%s%s"
                        .formatted(
                                config.device().getDeviceType(),
                                size,
                                threads,
                                config.rounds(),
                                precision == Precision.BFLOAT16 ? " --bf16" : "",
                                quick ? " --quick" : ""),
                new J3Bench(config, line -> terminal.remark("%s", line)).run());
    }

    private static String size(String name) {
        J1Size.named(name);
        return name;
    }
}
