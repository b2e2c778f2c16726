package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.VqaBench;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j1.J1Size;

/** {@code jzoo bench vqa}: what a second modality costs. */
final class VqaKind implements BenchKind {

    @Override
    public String name() {
        return "vqa";
    }

    @Override
    public String summary() {
        return "Measures J1 against models of one modality.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "size", "NAMES", "sizes of J1 of tiny, small, base, xl [tiny,small,base]"),
                BenchOptions.secondsOption(),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo bench vqa --size tiny --quick");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) {
        int threads = BenchOptions.threads(arguments);
        PyTorch.setThreads(threads);
        VqaBench.Config config =
                new VqaBench.Config(
                        RecipeOptions.list(arguments, "size", "tiny,small,base", VqaKind::size),
                        BenchOptions.seconds(arguments),
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

    private static String size(String name) {
        J1Size.named(name);
        return name;
    }
}
