package org.jzoo.examples.quantize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/**
 * The figures of {@link QuantizationRun}s as one table: a row for each number of bits and method.
 */
public final class QuantizationTable {

    private static final String DIVERGENCE = "divergence";
    private static final String RECOVERED = "of the loss by rtn, recovered";

    private QuantizationTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<QuantizationRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("quantization", figures, f -> f.seed(), command, commit, machine);
        List<String> metrics = new ArrayList<>();
        for (QuantizationRun.Figures f : figures) {
            for (String metric : GlueTask.named(f.task()).metrics()) {
                if (!metrics.contains(metric)) {
                    metrics.add(metric);
                }
            }
        }
        metrics.forEach(metric -> file.addFigure(Figure.percent(metric)));
        file.addFigure(Figure.plain(DIVERGENCE, "10⁻³", 1));
        file.addFigure(Figure.percent(RECOVERED));
        RunsTable.rows(figures, QuantizationTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs, figures, metrics)));
        return file.build();
    }

    private static Map<String, String> labels(QuantizationRun.Figures f) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("task", f.task());
        labels.put("model", f.model());
        labels.put("weights of a scale", f.group() == 0 ? "a row" : "" + f.group());
        labels.put("bits", "" + f.bits());
        labels.put("method", f.method());
        labels.put("run on", f.device());
        return labels;
    }

    private static ResultRow row(
            Map<String, String> labels,
            List<QuantizationRun.Figures> runs,
            List<QuantizationRun.Figures> all,
            List<String> metrics) {
        ResultRow row = new ResultRow(labels, Map.of());
        for (String metric : metrics) {
            double[] values =
                    runs.stream()
                            .filter(f -> f.metrics().containsKey(metric))
                            .mapToDouble(f -> f.metrics().get(metric))
                            .toArray();
            row = values.length == 0 ? row : row.figure(metric, values);
        }
        row =
                row.figure(
                        DIVERGENCE, runs.stream().mapToDouble(f -> f.divergence() * 1e3).toArray());
        String metric = GlueTask.named(runs.get(0).task()).metrics().get(0);
        double own = mean(runs, metric);
        double whole = mean(others(all, runs.get(0), 32, QuantizationRun.NONE), metric);
        double nearest = mean(others(all, runs.get(0), runs.get(0).bits(), "rtn"), metric);
        // Where rounding to nearest loses less than a point there is nothing to recover.
        return whole - nearest > 0.01
                ? row.figure(RECOVERED, (own - nearest) / (whole - nearest))
                : row;
    }

    private static List<QuantizationRun.Figures> others(
            List<QuantizationRun.Figures> all,
            QuantizationRun.Figures like,
            int bits,
            String method) {
        return all.stream()
                .filter(
                        f ->
                                f.task().equals(like.task())
                                        && f.model().equals(like.model())
                                        && f.group() == like.group()
                                        && f.bits() == bits
                                        && f.method().equals(method))
                .toList();
    }

    private static double mean(List<QuantizationRun.Figures> runs, String metric) {
        return runs.stream().mapToDouble(f -> f.metrics().get(metric)).average().orElse(Double.NaN);
    }
}
