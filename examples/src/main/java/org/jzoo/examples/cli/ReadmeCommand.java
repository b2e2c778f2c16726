package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;
import org.jzoo.training.report.ReadmeTables;

/** {@code jzoo readme}: the tables of the READMEs from the results files. */
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
        options.addOption(
                FineTuneOptions.valued(
                        "document", "FILE", "the document [README.md and the results' README.md]"));
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
        Path results = arguments.path("results", Path.of("results"));
        List<Path> documents =
                arguments.has("document")
                        ? List.of(arguments.path("document", null))
                        : List.of(Path.of("README.md"), results.resolve("README.md"));
        boolean current = true;
        for (Path document : documents) {
            if (arguments.has("check")) {
                boolean isCurrent = ReadmeTables.isCurrent(document, results);
                terminal.print(
                        "%s %s", document, isCurrent ? "is up to date" : "is old: run jzoo readme");
                current &= isCurrent;
                continue;
            }
            boolean changed = ReadmeTables.update(document, results);
            terminal.print("%s %s", document, changed ? "written" : "was up to date");
        }
        return current ? Main.OK : Main.FAILED;
    }
}
