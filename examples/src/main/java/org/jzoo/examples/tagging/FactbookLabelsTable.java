package org.jzoo.examples.tagging;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link FactbookLabelsRun}s as one table: a row for each way of reading. */
public final class FactbookLabelsTable {

    private static final String F1 = "entity F1";
    private static final String PRECISION = "precision";
    private static final String RECALL = "recall";
    private static final String WEIGHTS = "weights";
    private static final String SPEED = "pages/s";

    private FactbookLabelsTable() {}

    /**
     * Summarises runs.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<FactbookLabelsRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin(
                                "factbook-labels",
                                figures,
                                FactbookLabelsRun.Figures::seed,
                                command,
                                commit,
                                machine)
                        .addFigure(Figure.percent(F1))
                        .addFigure(Figure.percent(PRECISION))
                        .addFigure(Figure.percent(RECALL))
                        .addFigure(new Figure(WEIGHTS, "million", 1e-6, 1))
                        .addFigure(Figure.plain(SPEED, "", 1));
        RunsTable.rows(figures, f -> Map.of("reads", f.reads()))
                .forEach(
                        (labels, runs) ->
                                file.addRow(
                                        ResultRow.of("reads", labels.get("reads"))
                                                .figure(
                                                        F1,
                                                        values(runs, FactbookLabelsRun.Figures::f1))
                                                .figure(
                                                        PRECISION,
                                                        values(
                                                                runs,
                                                                FactbookLabelsRun.Figures
                                                                        ::precision))
                                                .figure(
                                                        RECALL,
                                                        values(
                                                                runs,
                                                                FactbookLabelsRun.Figures::recall))
                                                .figure(WEIGHTS, (double) runs.get(0).parameters())
                                                .figure(
                                                        SPEED,
                                                        values(
                                                                runs,
                                                                f ->
                                                                        f.pages()
                                                                                / f
                                                                                        .readSeconds()))));
        return file.build();
    }

    private static double[] values(
            List<FactbookLabelsRun.Figures> runs,
            ToDoubleFunction<FactbookLabelsRun.Figures> value) {
        return runs.stream().mapToDouble(value).toArray();
    }
}
