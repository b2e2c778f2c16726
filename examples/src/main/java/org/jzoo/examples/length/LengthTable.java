package org.jzoo.examples.length;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.LinePicture;

/** Many {@link LengthRun}s as one table and one picture: a row and a line for each scheme. */
public final class LengthTable {

    private final List<LengthRun.Figures> figures;

    /**
     * Takes the runs.
     *
     * @throws IllegalArgumentException if there are none, or they were not trained alike
     */
    public LengthTable(List<LengthRun.Figures> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        long trainings =
                figures.stream()
                        .map(f -> List.of(f.trainLength(), f.batchSize(), f.steps()))
                        .distinct()
                        .count();
        if (trainings > 1) {
            throw new IllegalArgumentException(
                    "figures must come of runs with the same length, batch size and steps, got "
                            + trainings
                            + " kinds; keep each kind in a file of its own");
        }
        this.figures = List.copyOf(figures);
    }

    /**
     * Bits per character by scheme and length, as results of that name; no figure where a scheme
     * cannot go.
     */
    public ResultsFile table(String name, String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin(name, figures, f -> f.seed(), command, commit, machine)
                        .optDataHash(figures.get(0).dataHash());
        for (int length : lengths()) {
            file.addFigure(Figure.plain(column(length), "bits", 3));
        }
        boolean several = figures.stream().map(f -> f.judged()).distinct().count() > 1;
        byScheme()
                .forEach(
                        (scheme, runs) -> {
                            LengthRun.Figures one = runs.get(0);
                            ResultRow row = ResultRow.of("scheme", one.scheme());
                            row = several ? row.label("text", one.judged()) : row;
                            row = row.label("run on", one.device() + " " + one.precision());
                            for (int length : lengths()) {
                                double[] bits = bits(runs, length);
                                row = bits.length == 0 ? row : row.figure(column(length), bits);
                            }
                            file.addRow(row);
                        });
        return file.build();
    }

    private static String column(int length) {
        return "%,d".formatted(length);
    }

    /** The means by length, with standard deviations as bars. */
    public BufferedImage picture() {
        LinePicture picture =
                new LinePicture(
                                "Trained at %,d characters, read at more"
                                        .formatted(figures.get(0).trainLength()),
                                "length (characters)",
                                "bits per character")
                        .logX()
                        .logY();
        byScheme().forEach((scheme, runs) -> line(picture, scheme, runs));
        return picture.size(1100, 640).draw();
    }

    private void line(LinePicture picture, String scheme, List<LengthRun.Figures> runs) {
        List<Integer> reached =
                lengths().stream().filter(length -> bits(runs, length).length > 0).toList();
        double[] x = reached.stream().mapToDouble(length -> length).toArray();
        List<SeedSummary> summaries =
                reached.stream().map(length -> SeedSummary.of(bits(runs, length))).toList();
        picture.line(
                scheme,
                x,
                summaries.stream().mapToDouble(SeedSummary::mean).toArray(),
                summaries.stream().mapToDouble(SeedSummary::standardDeviation).toArray());
    }

    private List<Integer> lengths() {
        return figures.stream()
                .flatMap(f -> f.bits().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static double[] bits(List<LengthRun.Figures> runs, int length) {
        return runs.stream()
                .map(run -> run.bits().get(length))
                .filter(Objects::nonNull)
                .mapToDouble(bits -> bits)
                .toArray();
    }

    private static String line(LengthRun.Figures run) {
        return run.judged().equals(LengthText.SPEECHES)
                ? run.scheme()
                : "%s (%s)".formatted(run.scheme(), run.judged());
    }

    // In the order of the schemes, whatever the order of the runs.
    private Map<String, List<LengthRun.Figures>> byScheme() {
        Map<String, List<LengthRun.Figures>> rows = new LinkedHashMap<>();
        for (LengthScheme scheme : LengthScheme.values()) {
            Stream<LengthRun.Figures> own =
                    figures.stream()
                            .filter(f -> f.scheme().split(",", 2)[0].equals(scheme.label()));
            own.forEach(f -> rows.computeIfAbsent(line(f), s -> new ArrayList<>()).add(f));
        }
        return rows;
    }
}
