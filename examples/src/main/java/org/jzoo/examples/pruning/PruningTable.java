package org.jzoo.examples.pruning;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.LinePicture;

/** The figures of {@link PruningRun}s: a row and a line for each method. */
public final class PruningTable {

    private final List<PruningFigures> figures;

    /**
     * Takes the runs.
     *
     * @throws IllegalArgumentException if there are none
     */
    public PruningTable(List<PruningFigures> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        this.figures = List.copyOf(figures);
    }

    /** Scores by method and share; no figure where a method keeps no such share. */
    public ResultsFile table(String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("pruning", figures, f -> f.seed(), command, commit, machine);
        List<Double> shares = shares();
        shares.forEach(share -> file.addFigure(Figure.percent(column(share))));
        for (String task : tasks()) {
            for (int steps : new TreeSet<>(figures.stream().map(f -> f.steps()).toList())) {
                for (String method : methods()) {
                    List<PruningFigures> runs =
                            figures.stream()
                                    .filter(
                                            f ->
                                                    f.task().equals(task)
                                                            && f.method().equals(method)
                                                            && f.steps() == steps)
                                    .toList();
                    if (!runs.isEmpty()) {
                        file.addRow(row(runs, shares));
                    }
                }
            }
        }
        return file.build();
    }

    private static ResultRow row(List<PruningFigures> runs, List<Double> shares) {
        PruningFigures one = runs.get(0);
        boolean teacher = one.method().equals(PruningFigures.TEACHER);
        ResultRow row =
                ResultRow.of("task", one.task())
                        .label("smaller", part(one))
                        .label("method", one.method())
                        .label("steps after", teacher ? "" : "" + one.steps())
                        .label("run on", one.device() + " " + one.precision());
        for (double share : shares) {
            double[] scores =
                    runs.stream()
                            .filter(f -> f.share() == share)
                            .mapToDouble(PruningFigures::score)
                            .toArray();
            row = scores.length == 0 ? row : row.figure(column(share), scores);
        }
        return row;
    }

    private static String part(PruningFigures figures) {
        if (figures.method().equals(PruningFigures.TEACHER)) {
            return "";
        }
        return PruneMethod.labelled(figures.method()).ofTokens() ? "token table" : "layers";
    }

    private static String column(double share) {
        String percent = String.format(Locale.ROOT, "%.1f", 100 * share).replaceFirst("\\.0$", "");
        return percent + "% kept";
    }

    private List<Double> shares() {
        return figures.stream()
                .map(PruningFigures::share)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private List<String> tasks() {
        return figures.stream().map(PruningFigures::task).distinct().sorted().toList();
    }

    // In the order of the methods, whatever the order of the runs.
    private List<String> methods() {
        List<String> all = new ArrayList<>(List.of(PruningFigures.TEACHER));
        for (PruneMethod method : PruneMethod.values()) {
            all.add(method.label());
        }
        return all;
    }

    /**
     * Pictures by name: each task's layers before and after they were trained again, and its token
     * table; scores over the share that was kept, a line for each method.
     */
    public Map<String, BufferedImage> pictures() {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        for (String task : tasks()) {
            add(
                    pictures,
                    task,
                    "layers",
                    "layers, trained again",
                    f -> !tokens(f) && f.steps() > 0);
            add(
                    pictures,
                    task,
                    "cut",
                    "layers, not trained again",
                    f -> !tokens(f) && f.steps() == 0);
            add(
                    pictures,
                    task,
                    "tokens",
                    "token table, trained again",
                    f -> tokens(f) && f.steps() > 0);
        }
        return pictures;
    }

    private static boolean tokens(PruningFigures figures) {
        return PruneMethod.labelled(figures.method()).ofTokens();
    }

    private void add(
            Map<String, BufferedImage> pictures,
            String task,
            String name,
            String title,
            Predicate<PruningFigures> shown) {
        List<PruningFigures> own =
                figures.stream()
                        .filter(f -> f.task().equals(task))
                        .filter(f -> !f.method().equals(PruningFigures.TEACHER))
                        .filter(shown)
                        .toList();
        if (own.isEmpty()) {
            return;
        }
        LinePicture picture =
                new LinePicture(
                        "%s: %s".formatted(task, title),
                        "weights kept (%)",
                        "score on the development set (%)");
        List<PruningFigures> teacher =
                figures.stream()
                        .filter(f -> f.task().equals(task))
                        .filter(f -> f.method().equals(PruningFigures.TEACHER))
                        .toList();
        for (String method : methods()) {
            List<PruningFigures> runs = new ArrayList<>(teacher);
            own.stream().filter(f -> f.method().equals(method)).forEach(runs::add);
            if (runs.size() > teacher.size()) {
                line(picture, method, runs);
            }
        }
        pictures.put("%s-%s".formatted(task, name), picture.size(1100, 640).draw());
    }

    // All lines end at the whole model.
    private static void line(LinePicture picture, String method, List<PruningFigures> runs) {
        List<Double> shares = runs.stream().map(PruningFigures::share).distinct().sorted().toList();
        double[] x = new double[shares.size()];
        double[] y = new double[shares.size()];
        double[] errors = new double[shares.size()];
        for (int i = 0; i < x.length; i++) {
            double share = shares.get(i);
            List<PruningFigures> here = runs.stream().filter(f -> f.share() == share).toList();
            x[i] = 100 * here.stream().mapToDouble(PruningFigures::kept).average().orElseThrow();
            SeedSummary scores =
                    SeedSummary.of(here.stream().mapToDouble(PruningFigures::score).toArray());
            y[i] = 100 * scores.mean();
            errors[i] = 100 * scores.standardDeviation();
        }
        picture.line(method, x, y, errors);
    }
}
