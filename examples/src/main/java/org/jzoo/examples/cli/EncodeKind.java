package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.EncodeBench;
import org.jzoo.examples.bench.EncodeBenchConfig;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench encode}: ids to hidden states. */
final class EncodeKind implements BenchKind {

    @Override
    public String name() {
        return "encode";
    }

    @Override
    public String summary() {
        return "Measures encoding against ONNX Runtime, by batch and number type.";
    }

    @Override
    public List<Option> options() {
        return List.of(BenchOptions.modelOption(), BenchOptions.secondsOption());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench encode --quick");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        EncodeBenchConfig config =
                new EncodeBenchConfig(
                        BenchOptions.model(arguments),
                        EncodeBenchConfig.USUAL_SHAPES,
                        EncodeBenchConfig.MODES,
                        BenchOptions.threads(arguments),
                        BenchOptions.seconds(arguments));
        return BenchTables.encode(
                name,
                "jzoo bench encode --threads " + config.threads(),
                new EncodeBench(config, line -> terminal.remark("%s", line)).run());
    }
}
