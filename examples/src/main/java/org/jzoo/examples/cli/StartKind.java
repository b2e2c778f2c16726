package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.StartBench;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo bench start}: a program's first answer. */
final class StartKind implements BenchKind {

    private static final String MODEL = "j2-lite-sst2";

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String summary() {
        return "Measures how long a program takes from its start to a model's first answer, in"
                + " fresh JVMs.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "model", "NAME", "a model that classifies texts [" + MODEL + "]"),
                FineTuneOptions.valued("rounds", "N", "starts [5]"));
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench start --rounds 9");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception {
        int starts = arguments.integer("rounds", arguments.has("quick") ? 1 : 5, 1);
        String model = arguments.text("model", MODEL);
        return BenchTables.firstAnswer(
                name,
                "jzoo bench start --model %s --rounds %d".formatted(model, starts),
                new StartBench(model, starts, line -> terminal.remark("%s", line)).run());
    }
}
