package org.jzoo.examples.cli;

import ai.djl.Device;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.ExpertsBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench experts}: mixtures of experts. */
final class ExpertsKind implements BenchKind {

    @Override
    public String name() {
        return "experts";
    }

    @Override
    public String summary() {
        return "Measures experts against a dense layer of equal work.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("tokens", "N", "tokens [4096]"),
                FineTuneOptions.valued("dim", "N", "width; an expert's is 4 times it [512]"),
                FineTuneOptions.valued("rounds", "N", "measured steps [15]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench experts --tokens 1024 --dim 256");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int tokens = arguments.integer("tokens", 4096, 1);
        int dim = arguments.integer("dim", 512, 1);
        int rounds = arguments.integer("rounds", quick ? 3 : 15, 1);
        int threads = BenchOptions.threads(arguments);
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
}
