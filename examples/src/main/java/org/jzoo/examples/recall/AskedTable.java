package org.jzoo.examples.recall;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link AskedModel}s as one table: a row for each model and length of text. */
public final class AskedTable {

    private static final String FOUND = "found";
    private static final String TOKENS = "tokens";

    private AskedTable() {}

    /**
     * Summarises runs.
     *
     * @param name of the results
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            String name,
            List<AskedModel.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin(name, figures, f -> f.seed(), command, commit, machine)
                        .optDataHash(figures.get(0).dataHash())
                        .addFigure(Figure.percent(FOUND))
                        .addFigure(Figure.plain(TOKENS, "", 0));
        figures.stream()
                .collect(
                        Collectors.groupingBy(
                                AskedModel.Figures::model,
                                TreeMap::new,
                                Collectors.groupingBy(
                                        AskedModel.Figures::words,
                                        TreeMap::new,
                                        Collectors.toList())))
                .forEach(
                        (model, lengths) ->
                                lengths.forEach(
                                        (words, runs) -> file.addRow(row(model, words, runs))));
        return file.build();
    }

    private static ResultRow row(String model, int words, List<AskedModel.Figures> runs) {
        int questions = runs.stream().mapToInt(f -> f.questions()).sum();
        return ResultRow.of("model", model)
                .label("words", "%,d".formatted(words))
                .label("questions", "%,d".formatted(questions))
                .label("run on", runs.get(0).device())
                .figure(
                        FOUND,
                        runs.stream()
                                .mapToDouble(f -> (double) f.right() / f.questions())
                                .toArray())
                .figure(TOKENS, runs.stream().mapToDouble(f -> f.tokens()).average().orElse(0));
    }
}
