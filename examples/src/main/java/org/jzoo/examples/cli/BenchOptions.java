package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.weights.NearestName;

/** Options of {@code jzoo bench}. */
final class BenchOptions {

    private BenchOptions() {}

    /** What every kind has. */
    static List<Option> all() {
        return List.of(
                FineTuneOptions.flag("quick", "measures a few times only"),
                FineTuneOptions.valued("threads", "N", "threads of an operator [all processors]"),
                FineTuneOptions.valued(
                        "results", "FILE", "writes the figures for jzoo readme: results/NAME.json"),
                FineTuneOptions.flag("json", "prints the figures as JSON"));
    }

    static Option device() {
        return FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]");
    }

    static Option secondsOption() {
        return FineTuneOptions.valued("seconds", "X", "seconds for each batch [20]");
    }

    static double seconds(Arguments arguments) {
        return arguments.number("seconds", arguments.has("quick") ? 2 : 20, 0.1, 3600);
    }

    static Option modelOption() {
        return FineTuneOptions.valued("model", "NAME", "a pretrained model [minilm-l6]");
    }

    static String model(Arguments arguments) {
        String model = arguments.text("model", "minilm-l6");
        List<String> names = Pretrained.ALL.stream().map(Pretrained::name).toList();
        if (Pretrained.of(model).isEmpty()) {
            throw new UsageException(
                    "--model must be one of %s, got %s%s"
                            .formatted(names, model, NearestName.hint(model, names)));
        }
        return model;
    }

    static int threads(Arguments arguments) {
        return arguments.integer("threads", Runtime.getRuntime().availableProcessors(), 1);
    }

    /** Where the figures go; null for nowhere. */
    static Path results(Arguments arguments) {
        Path path = arguments.path("results", null);
        if (path != null && !path.getFileName().toString().endsWith(".json")) {
            throw new UsageException("--results must be a .json file, got " + path);
        }
        return path;
    }
}
