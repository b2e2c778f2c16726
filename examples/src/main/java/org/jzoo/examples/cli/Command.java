package org.jzoo.examples.cli;

import java.util.List;
import java.util.Set;
import org.apache.commons.cli.Options;

/** One subcommand. */
public interface Command {

    /** What is typed: "finetune". */
    String name();

    /** One line for the list of commands. */
    String summary();

    /** What follows the name, for the usage line: "--train FILE --out DIR [options]". */
    String usage();

    /** The options; {@code --help} is added. */
    Options options();

    /** Command lines that work, for the help. */
    List<String> examples();

    /** Whether words may follow that belong to no option; else they are refused. */
    default boolean takesWords() {
        return false;
    }

    /** The options that may be given several times; of others a second value is refused. */
    default Set<String> repeatable() {
        return Set.of();
    }

    /**
     * This command for words and options as they were typed: one that knows, and explains, only
     * what its first word is about, or the command itself.
     */
    default Command narrowed(List<String> words) {
        return this;
    }

    /**
     * Runs.
     *
     * @return the exit code: 0 for success
     * @throws UsageException if the arguments are wrong
     * @throws Exception if anything else goes wrong; the message is shown
     */
    int run(Arguments arguments, Terminal terminal) throws Exception;
}
