package org.jzoo.examples.retrieval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
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
     * @throws IllegalArgumentException if there are none, or those on the same data differ in
     *     epochs
     */
    public static ResultsFile of(
            List<RetrievalRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        for (RetrievalRun.Figures run : figures) {
            for (RetrievalRun.Figures other : figures) {
                if (run.trained().equals(other.trained()) && run.epochs() != other.epochs()) {
                    throw new IllegalArgumentException(
                            "figures must come of runs with the same epochs, got epochs=%d, epochs=%d"
                                    .formatted(run.epochs(), other.epochs()));
                }
            }
        }
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName("retrieval")
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optSeeds(new TreeSet<>(figures.stream().map(f -> f.seed()).toList()));
        Recall.FIRST.forEach(k -> file.addFigure(Figure.percent(PICTURE + k)));
        Recall.FIRST.forEach(k -> file.addFigure(Figure.percent(TEXT + k)));
        Map<Map<String, String>, List<RetrievalRun.Found>> rows = new LinkedHashMap<>();
        for (String trained : distinct(figures, RetrievalRun.Figures::trained)) {
            List<RetrievalRun.Figures> runs =
                    figures.stream().filter(f -> f.trained().equals(trained)).toList();
            for (RetrievalRun.Found test : runs.get(0).tests()) {
                List<Double> chance = Recall.chance(test.candidates());
                rows.put(
                        labels(trained, test, CHANCE, ""),
                        List.of(
                                new RetrievalRun.Found(
                                        test.test(), test.candidates(), chance, chance)));
                for (RetrievalRun.Figures run : runs) {
                    for (RetrievalRun.Found found : run.tests()) {
                        if (found.test().equals(test.test())) {
                            String weights = "%.2f M".formatted(run.parameters() / 1e6);
                            rows.computeIfAbsent(
                                            labels(trained, found, run.variant(), weights),
                                            l -> new ArrayList<>())
                                    .add(found);
                        }
                    }
                }
            }
        }
        rows.forEach((labels, found) -> file.addRow(row(labels, found)));
        return file.build();
    }

    private static List<String> distinct(
            List<RetrievalRun.Figures> figures, Function<RetrievalRun.Figures, String> of) {
        return figures.stream().map(of).distinct().toList();
    }

    private static Map<String, String> labels(
            String trained, RetrievalRun.Found test, String model, String weights) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("trained on", trained);
        labels.put("searched", test.test());
        labels.put("candidates", Integer.toString(test.candidates()));
        labels.put("model", model);
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
