package org.jzoo.examples.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** What the tables of many runs have in common. */
public final class RunsTable {

    private RunsTable() {}

    /**
     * Begins a table, with the seeds of its runs.
     *
     * @param <F> the figures of a run
     * @param name of the table
     * @param figures the runs, at least one
     * @param seed of a run
     * @param command what measured them
     * @param commit the source code that did
     * @param machine where
     * @throws IllegalArgumentException if there are none
     */
    public static <F> ResultsFile.Builder begin(
            String name,
            List<F> figures,
            Function<F, Long> seed,
            String command,
            String commit,
            Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        return ResultsFile.builder()
                .setName(name)
                .setCommand(command)
                .setEnvironment(machine)
                .optCommit(commit)
                .optSeeds(new TreeSet<>(figures.stream().map(seed).toList()));
    }

    /** The runs of each row by its labels, rows in the order of their first runs. */
    public static <F> Map<Map<String, String>, List<F>> rows(
            List<F> figures, Function<F, Map<String, String>> labels) {
        Map<Map<String, String>, List<F>> rows = new LinkedHashMap<>();
        figures.forEach(f -> rows.computeIfAbsent(labels.apply(f), l -> new ArrayList<>()).add(f));
        return rows;
    }
}
