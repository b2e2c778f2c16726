package org.jzoo.examples.cli;

import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.CompressedBench;
import org.jzoo.examples.bench.ScaleBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench compressed}: a small model against its teacher, or what many weights take. */
final class CompressedBenches {

    private CompressedBenches() {}

    static ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        if (arguments.has("scale")) {
            return scale(arguments, name, terminal);
        }
        CompressedBench.Config config =
                new CompressedBench.Config(
                        arguments.text("teacher", "bge-small-en"),
                        arguments.text("student", null),
                        CompressedBench.Config.USUAL_SHAPES,
                        BenchCommand.threads(arguments),
                        arguments.number("seconds", arguments.has("quick") ? 2 : 20, 0.1, 3600));
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
        int threads = BenchCommand.threads(arguments);
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
