package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.training.report.ReadmeTables;

/** {@code jzoo readme}: the README's tables from the results files. */
final class ReadmeCommand implements Command {

    @Override
    public String name() {
        return "readme";
    }

    @Override
    public String summary() {
        return "Makes a README's tables again from the results files.";
    }

    @Override
    public String usage() {
        return "[--document FILE] [--results DIR] [--check]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("document", "FILE", "the document [README.md]"));
        options.addOption(
                FineTuneOptions.valued("results", "DIR", "folder of the results files [results]"));
        options.addOption(
                FineTuneOptions.flag("check", "writes nothing; exit code 1 if a table is old"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo readme", "jzoo readme --check");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        Path document = arguments.path("document", Path.of("README.md"));
        Path results = arguments.path("results", Path.of("results"));
        if (arguments.has("check")) {
            boolean current = ReadmeTables.isCurrent(document, results);
            terminal.print(
                    "%s %s", document, current ? "is up to date" : "is old: run jzoo readme");
            return current ? Main.OK : Main.FAILED;
        }
        boolean changed = ReadmeTables.update(document, results);
        terminal.print("%s %s", document, changed ? "written" : "was up to date");
        return Main.OK;
    }
}
