package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.GenerateBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench generate}: tokens of a decoder. */
final class GenerateKind implements BenchKind {

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String summary() {
        return "Measures generation with and without a cache.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("length", "N", "tokens of the prompt [128]"),
                FineTuneOptions.valued("new-tokens", "N", "tokens of a row [32]"),
                FineTuneOptions.valued("rounds", "N", "measured times [3]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench generate --quick");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int threads = BenchOptions.threads(arguments);
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
}
