package org.jzoo.examples.retrieval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link RetrievalRun}s as one table: a row for each test and model. */
public final class RetrievalTable {

    private static final String PICTURE = "picture @";
    private static final String TEXT = "text @";
    private static final String CHANCE = "chance";

    private RetrievalTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<RetrievalRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("retrieval", figures, f -> f.seed(), command, commit, machine);
        Recall.FIRST.forEach(k -> file.addFigure(Figure.percent(PICTURE + k)));
        Recall.FIRST.forEach(k -> file.addFigure(Figure.percent(TEXT + k)));
        for (String trained : distinct(figures, RetrievalRun.Figures::trained)) {
            List<RetrievalRun.Figures> runs =
                    figures.stream().filter(f -> f.trained().equals(trained)).toList();
            for (RetrievalRun.Found test : runs.get(0).tests()) {
                rows(runs, test).forEach(file::addRow);
            }
        }
        return file.build();
    }

    private static <T> List<T> distinct(
            List<RetrievalRun.Figures> figures, Function<RetrievalRun.Figures, T> of) {
        return figures.stream().map(of).distinct().toList();
    }

    /** What guessing finds, and each model and number of epochs, in one test. */
    private static List<ResultRow> rows(List<RetrievalRun.Figures> runs, RetrievalRun.Found test) {
        List<Double> chance = Recall.chance(test.candidates());
        RetrievalRun.Found guessed =
                new RetrievalRun.Found(test.test(), test.candidates(), chance, chance);
        List<ResultRow> rows = new ArrayList<>();
        String trained = runs.get(0).trained();
        rows.add(row(labels(trained, test, CHANCE, "", ""), List.of(guessed)));
        for (List<?> kind : distinct(runs, f -> List.of(f.variant(), f.epochs()))) {
            List<RetrievalRun.Figures> alike =
                    runs.stream()
                            .filter(f -> kind.equals(List.of(f.variant(), f.epochs())))
                            .toList();
            // Vocabularies differ by a few words between seeds.
            double weights = alike.stream().mapToLong(f -> f.parameters()).average().orElse(0);
            rows.add(
                    row(
                            labels(
                                    trained,
                                    test,
                                    alike.get(0).variant(),
                                    Integer.toString(alike.get(0).epochs()),
                                    "%.2f M".formatted(weights / 1e6)),
                            alike.stream()
                                    .flatMap(f -> f.tests().stream())
                                    .filter(found -> found.test().equals(test.test()))
                                    .toList()));
        }
        return rows;
    }

    private static Map<String, String> labels(
            String trained, RetrievalRun.Found test, String model, String epochs, String weights) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("trained on", trained);
        labels.put("searched", test.test());
        labels.put("candidates", Integer.toString(test.candidates()));
        labels.put("model", model);
        labels.put("epochs", epochs);
        labels.put("weights", weights);
        return labels;
    }

    private static ResultRow row(Map<String, String> labels, List<RetrievalRun.Found> found) {
        ResultRow row = new ResultRow(labels, Map.of());
        for (int k = 0; k < Recall.FIRST.size(); k++) {
            int place = k;
            row =
                    row.figure(
                                    PICTURE + Recall.FIRST.get(k),
                                    found.stream()
                                            .mapToDouble(f -> f.byText().get(place))
                                            .toArray())
                            .figure(
                                    TEXT + Recall.FIRST.get(k),
                                    found.stream()
                                            .mapToDouble(f -> f.byPicture().get(place))
                                            .toArray());
        }
        return row;
    }
}
