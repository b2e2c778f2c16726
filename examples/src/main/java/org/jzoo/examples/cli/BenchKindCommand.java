package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.training.report.ResultsFile;

/** One kind of {@code jzoo bench}, with the options that it has. */
final class BenchKindCommand implements Command {

    private final Command bench;
    private final BenchKind kind;

    BenchKindCommand(Command bench, BenchKind kind) {
        this.bench = bench;
        this.kind = kind;
    }

    @Override
    public String name() {
        return bench.name() + " " + kind.name();
    }

    @Override
    public String summary() {
        return kind.summary();
    }

    @Override
    public String usage() {
        return "[options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        kind.options().forEach(options::addOption);
        BenchOptions.all().forEach(options::addOption);
        return options;
    }

    @Override
    public List<String> examples() {
        return kind.examples();
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().size() > 1) {
            throw new UsageException(
                    "what to measure must be one word, got " + String.join(" ", arguments.rest()));
        }
        Path path = BenchOptions.results(arguments);
        String name =
                path == null
                        ? "bench-" + kind.name()
                        : path.getFileName().toString().replaceAll("\\.json$", "");
        ResultsFile file = kind.run(arguments, name, terminal);
        if (path != null) {
            file.write(path.toAbsolutePath().getParent());
            terminal.remark("written to %s", path);
        }
        if (arguments.has("json")) {
            terminal.json(file.rows());
        } else {
            terminal.print("%s", file.toMarkdown().stripTrailing());
        }
        return Main.OK;
    }
}
