package org.jzoo.examples.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link GlueRun}s as one table: a row for each model and tuning. */
public final class GlueTable {

    private static final String TRAINABLE = "trainable";
    private static final Pattern SHARE = Pattern.compile("trainable%: ([0-9.]+)");

    private GlueTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<GlueRun.Figures> figures, String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("glue", figures, f -> f.seed(), command, commit, machine);
        file.addFigure(new Figure(TRAINABLE, "%", 1, 2));
        for (GlueTask task : GlueTask.values()) {
            if (figures.stream().anyMatch(f -> f.task().equals(task.folder()))) {
                for (String metric : task.metrics()) {
                    file.addFigure(Figure.percent(column(task, metric)));
                }
            }
        }
        RunsTable.rows(figures, GlueTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs)));
        return file.build();
    }

    private static String column(GlueTask task, String metric) {
        return task.folder() + " " + metric;
    }

    private static Map<String, String> labels(GlueRun.Figures run) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("model", run.model());
        labels.put("tuning", run.tuning() + run.regularization().words());
        // The machine below the table is the one that made it; runs may come from elsewhere.
        labels.put("run on", run.device() + " " + run.precision());
        return labels;
    }

    private static ResultRow row(Map<String, String> labels, List<GlueRun.Figures> runs) {
        ResultRow row = new ResultRow(labels, Map.of()).figure(TRAINABLE, share(runs.get(0)));
        for (GlueTask task : GlueTask.values()) {
            List<GlueRun.Figures> ofTask =
                    runs.stream().filter(run -> run.task().equals(task.folder())).toList();
            for (String metric : ofTask.isEmpty() ? List.<String>of() : task.metrics()) {
                row =
                        row.figure(
                                column(task, metric),
                                ofTask.stream()
                                        .mapToDouble(run -> run.metrics().get(metric))
                                        .toArray());
            }
        }
        return row;
    }

    /** What share of the weights learns, in percent; tasks differ by a head only. */
    private static double share(GlueRun.Figures run) {
        Matcher matcher = SHARE.matcher(run.parameters());
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "parameters must tell the trainable share, got parameters=" + run.parameters());
        }
        return Double.parseDouble(matcher.group(1));
    }
}
