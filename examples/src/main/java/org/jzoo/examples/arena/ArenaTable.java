package org.jzoo.examples.arena;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link ArenaRun}s as one table, a row for each variant, with the published figures. */
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
     * @throws IllegalArgumentException if there are none, or runs of a task were trained otherwise
     */
    public static ResultsFile of(
            List<ArenaRun.Figures> figures, String command, String commit, Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        Map<String, String> hashes = new TreeMap<>();
        figures.forEach(run -> hashes.put(run.task(), run.dataHash()));
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName("lra")
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optDataHash(hashes.values().iterator().next())
                        .optSeeds(new TreeSet<>(figures.stream().map(f -> f.seed()).toList()));
        for (ArenaTask task : ArenaTask.values()) {
            file.addFigure(Figure.percent(task.label()));
        }
        for (ArenaVariant variant : ArenaVariant.values()) {
            List<ArenaRun.Figures> runs =
                    figures.stream().filter(f -> f.variant().equals(variant.label())).toList();
            if (!runs.isEmpty()) {
                file.addRow(row(variant, runs, figures));
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

    private static ResultRow row(
            ArenaVariant variant, List<ArenaRun.Figures> runs, List<ArenaRun.Figures> all) {
        double weights = runs.stream().mapToLong(run -> run.parameters()).average().orElse(0);
        List<String> steps = new ArrayList<>();
        ResultRow row = ResultRow.of("model", variant.label()).label("from", "here");
        for (ArenaTask task : ArenaTask.values()) {
            List<ArenaRun.Figures> own =
                    runs.stream().filter(run -> run.task().equals(task.label())).toList();
            if (!own.isEmpty()) {
                steps.add(task.label() + " " + budget(task, all));
                row =
                        row.figure(
                                task.label(),
                                own.stream().mapToDouble(r -> r.accuracy()).toArray());
            }
        }
        String on =
                runs.stream()
                        .map(run -> run.device() + " " + run.precision())
                        .distinct()
                        .collect(Collectors.joining(", "));
        return row.label("weights", "%.2f M".formatted(weights / 1e6))
                .label("steps x texts", String.join(", ", steps))
                .label("run on", on);
    }

    // Runs that learnt longer are no comparison.
    private static String budget(ArenaTask task, List<ArenaRun.Figures> figures) {
        List<String> budgets =
                figures.stream()
                        .filter(run -> run.task().equals(task.label()))
                        .map(run -> "%,d x %d".formatted(run.steps(), run.batchSize()))
                        .distinct()
                        .toList();
        if (budgets.size() > 1) {
            throw new IllegalArgumentException(
                    "figures of %s must come of runs with the same steps and batches, got %s; keep each in a file of its own"
                            .formatted(task.label(), budgets));
        }
        return budgets.get(0);
    }
}
