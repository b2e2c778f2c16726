package org.jzoo.examples.arena;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/**
 * Many {@link ArenaRun}s as one table, a row for each variant and way of training, with the
 * published figures.
 */
public final class ArenaTable {

    private static final String SOURCE = "Tay et al. 2021, table 1";

    /** A row of the published table: shares that are right. */
    private record Published(String model, double listOps, double text) {}

    private static final List<Published> PUBLISHED =
            List.of(
                    new Published("Transformer", 0.3637, 0.6427),
                    new Published("Local Attention", 0.1582, 0.5298),
                    new Published("Longformer", 0.3563, 0.6285),
                    new Published("BigBird", 0.3605, 0.6402),
                    new Published("Reformer", 0.3727, 0.5610),
                    new Published("Linear Transformer", 0.1613, 0.6590));

    private ArenaTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<ArenaRun.Figures> figures, String command, String commit, Environment machine) {
        Map<String, String> hashes = new TreeMap<>();
        figures.forEach(run -> hashes.put(run.task(), run.dataHash()));
        ResultsFile.Builder file =
                RunsTable.begin("lra", figures, f -> f.seed(), command, commit, machine)
                        .optDataHash(hashes.values().iterator().next());
        for (ArenaTask task : ArenaTask.values()) {
            file.addFigure(Figure.percent(task.label()));
        }
        List<String> trainings = figures.stream().map(run -> training(run)).distinct().toList();
        for (String training : trainings) {
            for (ArenaVariant variant : ArenaVariant.values()) {
                List<ArenaRun.Figures> runs =
                        figures.stream()
                                .filter(run -> training(run).equals(training))
                                .filter(run -> run.variant().equals(variant.label()))
                                .toList();
                if (!runs.isEmpty()) {
                    file.addRow(row(variant, training, runs));
                }
            }
        }
        for (Published row : PUBLISHED) {
            file.addRow(
                    ResultRow.of("model", row.model())
                            .label("from", SOURCE)
                            .figure(ArenaTask.LISTOPS.label(), row.listOps())
                            .figure(ArenaTask.TEXT.label(), row.text()));
        }
        return file.build();
    }

    // Runs that learnt longer or at another rate are no comparison: they have rows of their own.
    private static String training(ArenaRun.Figures run) {
        return "%,d x %d at %s"
                .formatted(
                        run.steps(),
                        run.batchSize(),
                        BigDecimal.valueOf(run.learningRate())
                                .stripTrailingZeros()
                                .toPlainString());
    }

    private static ResultRow row(
            ArenaVariant variant, String training, List<ArenaRun.Figures> runs) {
        ResultRow row =
                ResultRow.of("model", variant.label())
                        .label("from", "here")
                        .label("weights", weights(runs))
                        .label("steps x texts at rate", training)
                        .label("seeds", distinct(runs, run -> String.valueOf(run.seed())))
                        .label("run on", distinct(runs, r -> r.device() + " " + r.precision()));
        for (ArenaTask task : ArenaTask.values()) {
            double[] shares =
                    runs.stream()
                            .filter(run -> run.task().equals(task.label()))
                            .mapToDouble(run -> run.accuracy())
                            .toArray();
            row = shares.length == 0 ? row : row.figure(task.label(), shares);
        }
        return row;
    }

    private static String weights(List<ArenaRun.Figures> runs) {
        double mean = runs.stream().mapToLong(run -> run.parameters()).average().orElse(0);
        return "%.2f M".formatted(mean / 1e6);
    }

    private static String distinct(
            List<ArenaRun.Figures> runs, Function<ArenaRun.Figures, String> name) {
        return runs.stream().map(name).distinct().collect(Collectors.joining(", "));
    }
}
