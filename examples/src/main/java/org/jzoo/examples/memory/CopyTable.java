package org.jzoo.examples.memory;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.LinePicture;

/** Many {@link CopyRun}s as one table and one picture: a row and a line for each memory. */
public final class CopyTable {

    private static final String ACCURACY = "accuracy";
    private static final String STEPS = "steps";

    private final List<CopyRun.Figures> figures;

    /**
     * Takes the runs.
     *
     * @throws IllegalArgumentException if there are none
     */
    public CopyTable(List<CopyRun.Figures> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        this.figures = List.copyOf(figures);
    }

    /** Accuracy and steps by kind of memory. */
    public ResultsFile table(String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("memory-copy", figures, f -> f.seed(), command, commit, machine)
                        .addFigure(Figure.percent(ACCURACY))
                        .addFigure(Figure.plain(STEPS, "", 0));
        for (CopyMemory memory : CopyMemory.values()) {
            List<CopyRun.Figures> runs = of(memory);
            if (!runs.isEmpty()) {
                file.addRow(
                        ResultRow.of("memory", memory.label())
                                .figure(
                                        ACCURACY,
                                        runs.stream().mapToDouble(f -> f.accuracy()).toArray())
                                .figure(
                                        STEPS,
                                        runs.stream().mapToDouble(f -> f.steps()).toArray()));
            }
        }
        return file.build();
    }

    private List<CopyRun.Figures> of(CopyMemory memory) {
        return figures.stream().filter(f -> f.memory().equals(memory.label())).toList();
    }

    /** Accuracy by steps; a run that was over keeps its last accuracy. */
    public BufferedImage picture() {
        LinePicture picture =
                new LinePicture(
                                "Copying across %d segments".formatted(CopyRuns.TASK.numSegments()),
                                "steps",
                                "right answers (%)")
                        .yRange(0, 105);
        double[] steps =
                figures.stream()
                        .flatMap(f -> f.curve().keySet().stream())
                        .distinct()
                        .sorted()
                        .mapToDouble(step -> step)
                        .toArray();
        for (CopyMemory memory : CopyMemory.values()) {
            List<CopyRun.Figures> runs = of(memory);
            if (!runs.isEmpty()) {
                line(picture, memory.label(), runs, steps);
            }
        }
        return picture.draw();
    }

    private static void line(
            LinePicture picture, String name, List<CopyRun.Figures> runs, double[] steps) {
        List<SeedSummary> summaries = new ArrayList<>();
        for (double step : steps) {
            summaries.add(
                    SeedSummary.of(
                            runs.stream().mapToDouble(f -> 100 * at(f, (int) step)).toArray()));
        }
        picture.line(
                name,
                steps,
                summaries.stream().mapToDouble(SeedSummary::mean).toArray(),
                summaries.stream().mapToDouble(SeedSummary::standardDeviation).toArray());
    }

    private static double at(CopyRun.Figures run, int step) {
        double accuracy = 0;
        for (int measured : run.curve().keySet()) {
            accuracy = measured <= step ? run.curve().get(measured) : accuracy;
        }
        return accuracy;
    }
}
