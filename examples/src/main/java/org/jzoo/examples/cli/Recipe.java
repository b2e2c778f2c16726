package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;

/** What {@code jzoo reproduce} can measure again. */
interface Recipe {

    /** The word after "reproduce". */
    String name();

    /** How it is called, after its name; one form a line of the usage. */
    List<String> usage();

    /** The options that only some recipes have. */
    default List<Option> options() {
        return List.of();
    }

    /** Command lines to copy. */
    List<String> examples();

    /** Runs it and returns the exit status. */
    int run(Arguments arguments, Terminal terminal) throws Exception;
}
