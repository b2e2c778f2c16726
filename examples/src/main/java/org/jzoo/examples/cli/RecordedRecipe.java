package org.jzoo.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** A recipe whose figures are lines of a file, which {@code --table} summarises. */
abstract class RecordedRecipe implements Recipe {

    /** Where the lines go unless {@code --out} says otherwise. */
    Path lines(Arguments arguments) {
        return Path.of("results", name() + ".jsonl");
    }

    /** Makes what is not there yet and appends its lines; returns the exit status. */
    abstract int measure(Arguments arguments, Path lines, Terminal terminal) throws Exception;

    /** Summarises a file of lines. */
    abstract ResultsFile table(Path lines, String commit, Environment machine) throws IOException;

    /** The same where options choose among tables. */
    ResultsFile table(Arguments arguments, Path lines, String commit, Environment machine)
            throws IOException {
        return table(lines, commit, machine);
    }

    /** Hears of a table that was written into a folder. */
    void written(Arguments arguments, Path folder, Terminal terminal) throws IOException {}

    @Override
    public final int run(Arguments arguments, Terminal terminal) throws Exception {
        Path out = arguments.path("out", lines(arguments));
        if (!arguments.has("table")) {
            int code = measure(arguments, out, terminal);
            if (code == Main.OK) {
                terminal.remark("done; jzoo reproduce %s --table makes the table", name());
            }
            return code;
        }
        RecipeOptions.requireLines(out);
        Path folder = RecipeOptions.folderOf(out);
        ResultsFile file =
                table(
                        arguments,
                        out,
                        RecipeOptions.commit(arguments, folder),
                        RecipeOptions.environment(arguments));
        Path written = file.write(folder);
        terminal.print("%s", file.toMarkdown().stripTrailing());
        terminal.remark("written to %s", written);
        written(arguments, folder, terminal);
        return Main.OK;
    }
}
