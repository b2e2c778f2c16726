package org.jzoo.examples.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.bench.AttentionBench;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.Pictures;

/** {@code jzoo bench attention}: mixers by length. */
final class AttentionKind implements BenchKind {

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public String summary() {
        return "Measures every mixer by length, forward and backward, in time and memory.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("max-length", "N", "tokens of the longest input [65536]"),
                FineTuneOptions.valued("seconds", "X", "longest step [60]"),
                FineTuneOptions.valued("rounds", "N", "measured steps [5]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench attention --max-length 8192");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        Device device = FineTuneOptions.device(arguments);
        boolean quick = arguments.has("quick");
        Path path = BenchOptions.results(arguments);
        AttentionBench.Config config =
                new AttentionBench.Config(
                        arguments.integer("max-length", quick ? 4096 : 65_536, 512),
                        arguments.integer("rounds", quick ? 2 : 5, 1),
                        BenchOptions.threads(arguments),
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
}
