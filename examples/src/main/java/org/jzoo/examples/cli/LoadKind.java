package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.LoadBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench load}: a model from the disk. */
final class LoadKind implements BenchKind {

    @Override
    public String name() {
        return "load";
    }

    @Override
    public String summary() {
        return "Measures loading a model, in fresh JVMs, against ONNX Runtime's session.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                BenchOptions.modelOption(), FineTuneOptions.valued("rounds", "N", "starts [5]"));
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench load --rounds 9");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        int starts = arguments.integer("rounds", arguments.has("quick") ? 1 : 5, 1);
        String model = BenchOptions.model(arguments);
        return BenchTables.load(
                name,
                "jzoo bench load --model %s --rounds %d".formatted(model, starts),
                new LoadBench(model, starts, line -> terminal.remark("%s", line)).run());
    }
}
