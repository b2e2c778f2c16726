package org.jzoo.examples.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link VqaRun}s as one table: a row for each variant. */
public final class VqaTable {

    private VqaTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one, trained alike
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none, or they differ in epochs or pictures
     */
    public static ResultsFile of(
            List<VqaRun.Figures> figures, String command, String commit, Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        long trainings =
                figures.stream().map(f -> List.of(f.epochs(), f.pictures())).distinct().count();
        if (trainings > 1) {
            throw new IllegalArgumentException(
                    "figures must come of runs with the same epochs and pictures, got "
                            + trainings
                            + " kinds; keep each kind in a file of its own");
        }
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName("j1")
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optSeeds(new TreeSet<>(figures.stream().map(f -> f.seed()).toList()));
        Set<String> columns = new LinkedHashSet<>();
        Map<Map<String, String>, List<VqaRun.Figures>> rows = new LinkedHashMap<>();
        for (VqaRun.Figures run : figures) {
            columns.addAll(run.metrics().keySet());
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("variant", run.variant());
            labels.put("weights", "%.2f M".formatted(run.parameters() / 1e6));
            labels.put("run on", run.device() + " " + run.precision());
            rows.computeIfAbsent(labels, l -> new ArrayList<>()).add(run);
        }
        columns.forEach(column -> file.addFigure(Figure.percent(column)));
        rows.forEach((labels, runs) -> file.addRow(row(labels, runs, columns)));
        return file.build();
    }

    private static ResultRow row(
            Map<String, String> labels, List<VqaRun.Figures> runs, Set<String> columns) {
        ResultRow row = new ResultRow(labels, Map.of());
        for (String column : columns) {
            double[] values =
                    runs.stream()
                            .map(run -> run.metrics().getOrDefault(column, Double.NaN))
                            .filter(value -> !value.isNaN())
                            .mapToDouble(Double::doubleValue)
                            .toArray();
            row = values.length == 0 ? row : row.figure(column, values);
        }
        return row;
    }
}
