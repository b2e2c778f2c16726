package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.training.report.ResultsFile;

/** What {@code jzoo bench} can measure. */
interface BenchKind {

    /** The word after "bench". */
    String name();

    /** What is measured, in a sentence. */
    String summary();

    /** The options beside those that all kinds have. */
    List<Option> options();

    /** Command lines to copy. */
    List<String> examples();

    /**
     * Measures.
     *
     * @param name of the figures
     */
    ResultsFile run(Arguments arguments, String name, Terminal terminal) throws Exception;
}
