package org.jzoo.examples.cli;

import ai.djl.Device;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.TrainBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench train}: a step of fine-tuning. */
final class TrainKind implements BenchKind {

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "Measures a step of fine-tuning against DJL's own training and, with --python,"
                + " PyTorch in Python.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("batch-size", "N", "rows [32]"),
                FineTuneOptions.valued("length", "N", "tokens of a row [64]"),
                FineTuneOptions.valued("rounds", "N", "measured steps [15]"),
                FineTuneOptions.valued(
                        "python",
                        "NAME",
                        "an interpreter that has torch, to be measured too [none]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo bench train --results results/bench-train.json",
                "jzoo bench train --python python3");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        boolean quick = arguments.has("quick");
        int rows = arguments.integer("batch-size", 32, 1);
        int tokens = arguments.integer("length", 64, 1);
        int rounds = arguments.integer("rounds", quick ? 3 : 15, 1);
        int threads = BenchOptions.threads(arguments);
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
}
