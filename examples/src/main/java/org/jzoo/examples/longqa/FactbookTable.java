package org.jzoo.examples.longqa;

import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link FactbookRun}s as one table: a row for each variant. */
public final class FactbookTable {

    private static final String EXACT = "exact match";
    private static final String OVERLAP = "F1";
    private static final String WEIGHTS = "weights";
    private static final String SPEED = "questions/s";

    private FactbookTable() {}

    /**
     * Summarises runs.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<FactbookRun.Figures> figures, String command, String commit, Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName("factbook")
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optSeeds(
                                new TreeSet<>(
                                        figures.stream()
                                                .filter(f -> f.steps() > 0)
                                                .map(FactbookRun.Figures::seed)
                                                .toList()))
                        .addFigure(Figure.percent(EXACT))
                        .addFigure(Figure.percent(OVERLAP))
                        .addFigure(new Figure(WEIGHTS, "million", 1e-6, 1))
                        .addFigure(Figure.plain(SPEED, "", 1));
        for (FactbookVariant variant : FactbookVariant.values()) {
            List<FactbookRun.Figures> runs =
                    figures.stream().filter(f -> f.variant().equals(variant.label())).toList();
            if (!runs.isEmpty()) {
                file.addRow(
                        ResultRow.of("answers", variant.label())
                                .figure(EXACT, values(runs, FactbookRun.Figures::exactMatch))
                                .figure(OVERLAP, values(runs, FactbookRun.Figures::f1))
                                .figure(WEIGHTS, (double) runs.get(0).parameters())
                                .figure(
                                        SPEED,
                                        values(runs, f -> f.questions() / f.answerSeconds())));
            }
        }
        return file.build();
    }

    private static double[] values(
            List<FactbookRun.Figures> runs, ToDoubleFunction<FactbookRun.Figures> value) {
        return runs.stream().mapToDouble(value).toArray();
    }
}
