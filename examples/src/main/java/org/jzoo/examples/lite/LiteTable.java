package org.jzoo.examples.lite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link LiteRun}s as one table: a row for each variant and step. */
public final class LiteTable {

    private static final String AVERAGE = "average";
    private static final String SHARE = "of the teacher";
    private static final String WEIGHTS = "weights";
    private static final String SMALLER = "file, times smaller";

    private LiteTable() {}

    /**
     * Summarises runs. A task's score is the mean of its metrics; averages are over tasks, of the
     * seeds that did all tasks of the table.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<LiteFigures> figures, String command, String commit, Environment machine) {
        List<String> tasks =
                LiteTexts.TASKS.stream()
                        .map(GlueTask::folder)
                        .filter(t -> figures.stream().anyMatch(f -> f.task().equals(t)))
                        .toList();
        ResultsFile.Builder file =
                RunsTable.begin("j2-lite", figures, LiteFigures::seed, command, commit, machine);
        file.addFigure(Figure.plain(WEIGHTS, "M", 2));
        file.addFigure(Figure.plain(SMALLER, "", 1));
        tasks.forEach(task -> file.addFigure(Figure.percent(task)));
        file.addFigure(Figure.percent(AVERAGE));
        file.addFigure(Figure.percent(SHARE));
        RunsTable.rows(figures, LiteTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs, figures, tasks)));
        return file.build();
    }

    private static Map<String, String> labels(LiteFigures f) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("variant", f.variant());
        labels.put("after", f.step());
        labels.put("run on", f.device() + " " + f.precision());
        return labels;
    }

    private static ResultRow row(
            Map<String, String> labels,
            List<LiteFigures> runs,
            List<LiteFigures> all,
            List<String> tasks) {
        ResultRow row =
                new ResultRow(labels, Map.of())
                        .figure(
                                WEIGHTS,
                                runs.stream().mapToLong(LiteFigures::weights).average().orElse(0)
                                        / 1e6);
        double bytes = runs.stream().mapToLong(LiteFigures::bytes).average().orElse(0);
        double whole =
                all.stream()
                        .filter(LiteTable::isTeacher)
                        .mapToLong(LiteFigures::bytes)
                        .average()
                        .orElse(0);
        if (bytes > 0 && whole > 0) {
            row = row.figure(SMALLER, whole / bytes);
        }
        for (String task : tasks) {
            double[] scores =
                    runs.stream()
                            .filter(f -> f.task().equals(task))
                            .mapToDouble(LiteFigures::score)
                            .toArray();
            row = scores.length == 0 ? row : row.figure(task, scores);
        }
        List<Double> averages = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (long seed : new TreeSet<>(runs.stream().map(LiteFigures::seed).toList())) {
            Double own = average(runs, seed, tasks);
            Double teacher =
                    average(all.stream().filter(LiteTable::isTeacher).toList(), seed, tasks);
            if (own != null) {
                averages.add(own);
            }
            if (own != null && teacher != null) {
                shares.add(own / teacher);
            }
        }
        row = averages.isEmpty() ? row : row.figure(AVERAGE, array(averages));
        return shares.isEmpty() ? row : row.figure(SHARE, array(shares));
    }

    private static boolean isTeacher(LiteFigures f) {
        return f.step().equals(LiteFigures.TEACHER);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    // Null unless the seed did all tasks.
    private static Double average(List<LiteFigures> runs, long seed, List<String> tasks) {
        List<Double> scores =
                tasks.stream()
                        .map(
                                task ->
                                        runs.stream()
                                                .filter(
                                                        f ->
                                                                f.seed() == seed
                                                                        && f.task().equals(task))
                                                .map(LiteFigures::score)
                                                .findFirst()
                                                .orElse(null))
                        .filter(Objects::nonNull)
                        .toList();
        return scores.size() < tasks.size()
                ? null
                : scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
