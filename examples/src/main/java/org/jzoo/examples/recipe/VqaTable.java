package org.jzoo.examples.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     * @param figures the runs, at least one; those that were trained otherwise get rows of their
     *     own
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none, or they differ in data, epochs or
     *     pictures
     */
    public static ResultsFile of(
            List<VqaRun.Figures> figures, String command, String commit, Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        List<String> data = figures.stream().map(f -> f.data()).distinct().toList();
        if (data.size() > 1) {
            throw new IllegalArgumentException(
                    "figures must come of runs with the same data, got %s; keep each in a file of its own"
                            .formatted(data));
        }
        ResultsFile.Builder file =
                RunsTable.begin(
                        name(figures.get(0).data()),
                        figures,
                        f -> f.seed(),
                        command,
                        commit,
                        machine);
        Set<String> columns = new LinkedHashSet<>();
        Map<Map<String, String>, List<VqaRun.Figures>> rows = new LinkedHashMap<>();
        for (VqaRun.Figures run : figures) {
            columns.addAll(run.metrics().keySet());
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("variant", run.variant());
            labels.put("epochs", Integer.toString(run.epochs()));
            labels.put("pictures", run.pictures() + (run.mirrored() ? ", mirrored" : ""));
            labels.put("run on", run.device() + " " + run.precision());
            rows.computeIfAbsent(labels, l -> new ArrayList<>()).add(run);
        }
        columns.addAll(Comparison.NAMES);
        columns.forEach(column -> file.addFigure(Figure.percent(column)));
        Comparison single = new Comparison(figures);
        for (Map.Entry<Map<String, String>, List<VqaRun.Figures>> each : rows.entrySet()) {
            List<VqaRun.Figures> runs = each.getValue();
            Map<String, String> labels = new LinkedHashMap<>(each.getKey());
            // Vocabularies may differ by a few words between seeds.
            double weights = runs.stream().mapToLong(run -> run.parameters()).average().orElse(0);
            labels.put("weights", "%.2f M".formatted(weights / 1e6));
            file.addRow(row(labels, runs.stream().map(single::with).toList(), columns));
        }
        return file.build();
    }

    /** The results file's name for data of that name. */
    public static String name(String data) {
        return data.equals(new ShapeQuestions().name()) ? "j1" : "j1-" + data;
    }

    /** Runs with both modalities against the best models of one of the same seed. */
    private record Comparison(List<VqaRun.Figures> figures) {

        private static final String OVER = "all, over one modality";
        private static final String TEXT = "without image, over text-only";
        private static final String IMAGE = "without text, over image-only";
        static final List<String> NAMES = List.of(OVER, TEXT, IMAGE);

        /** A run's metrics and, where there is something to compare with, the differences. */
        Map<String, Double> with(VqaRun.Figures run) {
            Map<String, Double> metrics = new LinkedHashMap<>(run.metrics());
            double text = all(run.seed(), VqaVariant.TEXT_ONLY);
            double image = all(run.seed(), VqaVariant.IMAGE_ONLY);
            if (VqaVariant.named(run.variant()).hasBoth()) {
                metrics.put(OVER, metrics.get("all") - Math.max(text, image));
                metrics.put(TEXT, metrics.get("without image") - text);
                metrics.put(IMAGE, metrics.get("without text") - image);
            }
            return metrics;
        }

        private double all(long seed, VqaVariant variant) {
            return figures.stream()
                    .filter(run -> run.seed() == seed && run.variant().equals(variant.label()))
                    .mapToDouble(run -> run.metrics().get("all"))
                    .max()
                    .orElse(Double.NaN);
        }
    }

    private static ResultRow row(
            Map<String, String> labels, List<Map<String, Double>> runs, Set<String> columns) {
        ResultRow row = new ResultRow(labels, Map.of());
        for (String column : columns) {
            double[] values =
                    runs.stream()
                            .map(run -> run.getOrDefault(column, Double.NaN))
                            .filter(value -> !value.isNaN())
                            .mapToDouble(Double::doubleValue)
                            .toArray();
            row = values.length == 0 ? row : row.figure(column, values);
        }
        return row;
    }
}
