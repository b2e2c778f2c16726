package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.CompressedBench;
import org.jzoo.examples.bench.ScaleBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench compressed}: a small model against its teacher, or what many weights take. */
final class CompressedKind implements BenchKind {

    @Override
    public String name() {
        return "compressed";
    }

    @Override
    public String summary() {
        return "Measures a compressed model against its teacher, both in ONNX Runtime, too, or what"
                + " 300 million and 1.2 billion weights take.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("teacher", "DIR", "model folder or name [bge-small-en]"),
                FineTuneOptions.valued(
                        "student",
                        "DIR",
                        "model folder or name [random weights of 4 bits, 4 layers]"),
                BenchOptions.secondsOption(),
                FineTuneOptions.flag("scale", "300 M and 1.2 B random weights in 4 bits instead"),
                FineTuneOptions.valued("rounds", "N", "with --scale: measured times [5]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo bench compressed --teacher my-model --student my-small-model",
                "jzoo bench compressed --scale");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        if (arguments.has("scale")) {
            return scale(arguments, name, terminal);
        }
        CompressedBench.Config config =
                new CompressedBench.Config(
                        arguments.text("teacher", "bge-small-en"),
                        arguments.text("student", null),
                        CompressedBench.Config.USUAL_SHAPES,
                        BenchOptions.threads(arguments),
                        BenchOptions.seconds(arguments));
        return BenchTables.compressed(
                name,
                "jzoo bench compressed --teacher %s%s --threads %d --seconds %.0f"
                        .formatted(
                                config.teacher(),
                                config.student() == null ? "" : " --student " + config.student(),
                                config.threads(),
                                config.secondsPerShape()),
                new CompressedBench(config, line -> terminal.remark("%s", line)).run());
    }

    private static ResultsFile scale(Arguments arguments, String name, Terminal terminal) {
        int threads = BenchOptions.threads(arguments);
        PyTorch.setThreads(threads);
        ScaleBench.Config config =
                new ScaleBench.Config(
                        arguments.has("quick")
                                ? ScaleBench.Size.USUAL.subList(0, 1)
                                : ScaleBench.Size.USUAL,
                        arguments.integer("rounds", 5, 1),
                        FineTuneOptions.device(arguments));
        return BenchTables.scale(
                name,
                "jzoo bench compressed --scale --device %s --threads %d --rounds %d"
                        .formatted(config.device().getDeviceType(), threads, config.rounds()),
                new ScaleBench(config, line -> terminal.remark("%s", line)).run());
    }
}
