package org.jzoo.examples.lite;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link LiteVqaRun}s as one table: a row for each variant and step. */
public final class LiteVqaTable {

    private static final String WEIGHTS = "weights";
    private static final String BYTES = "bytes";
    private static final String SMALLER = "times smaller than float32";
    private static final String OF_TEACHER = "of the teacher";
    private static final int FLOAT_BYTES = 4;

    private LiteVqaTable() {}

    /**
     * Summarises runs. A model is compared with the teacher of its seed, its file with that
     * teacher's weights in float32.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<LiteFigures> figures, String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin(
                        "j2-lite-vqa", figures, LiteFigures::seed, command, commit, machine);
        file.addFigure(Figure.plain(WEIGHTS, "M", 2));
        file.addFigure(Figure.plain(BYTES, "MB", 2));
        file.addFigure(Figure.plain(SMALLER, "", 1));
        Set<String> metrics = new LinkedHashSet<>();
        figures.forEach(f -> metrics.addAll(f.metrics().keySet()));
        metrics.forEach(metric -> file.addFigure(Figure.percent(metric)));
        file.addFigure(Figure.percent(OF_TEACHER));
        RunsTable.rows(figures, LiteVqaTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs, figures, metrics)));
        return file.build();
    }

    private static Map<String, String> labels(LiteFigures f) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("variant", f.variant());
        labels.put("after", f.step());
        labels.put(
                "epochs",
                f.step().equals(LiteFigures.TEACHER)
                        ? ""
                        : "%d + %d".formatted(f.steps().get(0), f.steps().get(1)));
        labels.put("run on", f.device() + " " + f.precision());
        return labels;
    }

    private static ResultRow row(
            Map<String, String> labels,
            List<LiteFigures> runs,
            List<LiteFigures> all,
            Set<String> metrics) {
        double weights = runs.stream().mapToLong(LiteFigures::weights).average().orElseThrow();
        ResultRow row = new ResultRow(labels, Map.of()).figure(WEIGHTS, weights / 1e6);
        double bytes = runs.stream().mapToLong(LiteFigures::bytes).average().orElseThrow();
        if (bytes > 0) {
            row = row.figure(BYTES, bytes / 1e6);
            double whole =
                    all.stream()
                            .filter(f -> f.step().equals(LiteFigures.TEACHER))
                            .mapToLong(f -> FLOAT_BYTES * f.weights())
                            .average()
                            .orElse(Double.NaN);
            row = Double.isNaN(whole) ? row : row.figure(SMALLER, whole / bytes);
        }
        for (String metric : metrics) {
            row = row.figure(metric, values(runs, metric));
        }
        double[] shares =
                runs.stream()
                        .mapToDouble(run -> run.score() / teacher(run.seed(), all))
                        .filter(share -> !Double.isNaN(share))
                        .toArray();
        return shares.length == 0 ? row : row.figure(OF_TEACHER, shares);
    }

    private static double[] values(List<LiteFigures> runs, String metric) {
        return runs.stream().mapToDouble(run -> run.metrics().get(metric)).toArray();
    }

    private static double teacher(long seed, List<LiteFigures> all) {
        return all.stream()
                .filter(f -> f.seed() == seed && f.step().equals(LiteFigures.TEACHER))
                .mapToDouble(LiteFigures::score)
                .findFirst()
                .orElse(Double.NaN);
    }
}
