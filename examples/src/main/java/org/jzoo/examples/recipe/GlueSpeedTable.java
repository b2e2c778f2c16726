package org.jzoo.examples.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/**
 * The figures of {@link GlueRun}s as a table of what they took: a row for each task, model, tuning
 * and precision.
 */
public final class GlueSpeedTable {

    private static final Figure RESULT = Figure.percent("result");
    private static final Figure SPEED = Figure.plain("speed", "tokens/s", 0);
    private static final Figure TIME = Figure.plain("training", "s", 0);
    private static final Figure MEMORY = Figure.plain("GPU memory", "MB", 0);

    private GlueSpeedTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param name of the table
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<GlueRun.Figures> figures,
            String name,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin(name, figures, f -> f.seed(), command, commit, machine)
                        .addFigure(RESULT)
                        .addFigure(TIME)
                        .addFigure(SPEED)
                        .addFigure(MEMORY);
        RunsTable.rows(figures, GlueSpeedTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs)));
        return file.build();
    }

    private static Map<String, String> labels(GlueRun.Figures run) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("task", run.task() + ", " + metric(run));
        labels.put("model", run.model());
        labels.put("tuning", run.tuning() + run.regularization().words());
        labels.put("run on", run.device() + " " + run.precision());
        return labels;
    }

    private static String metric(GlueRun.Figures run) {
        return GlueTask.named(run.task()).metrics().get(0);
    }

    private static ResultRow row(Map<String, String> labels, List<GlueRun.Figures> runs) {
        ResultRow row =
                new ResultRow(labels, Map.of())
                        .figure(
                                RESULT.name(),
                                runs.stream()
                                        .mapToDouble(run -> run.metrics().get(metric(run)))
                                        .toArray())
                        .figure(TIME.name(), runs.stream().mapToDouble(r -> r.seconds()).toArray())
                        .figure(
                                SPEED.name(),
                                runs.stream().mapToDouble(r -> r.tokensPerSecond()).toArray());
        double[] memory =
                runs.stream()
                        .map(GlueRun.Figures::gpuMegabytes)
                        .filter(Objects::nonNull)
                        .mapToDouble(megabytes -> megabytes)
                        .toArray();
        return memory.length == 0 ? row : row.figure(MEMORY.name(), memory);
    }
}
