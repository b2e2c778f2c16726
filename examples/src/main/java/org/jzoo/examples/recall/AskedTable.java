package org.jzoo.examples.recall;

import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link AskedModel}s as one table: a row for each model, length of text and of chunks. */
public final class AskedTable {

    private static final String FOUND = "found";
    private static final String TOKENS = "tokens";

    /** Rows in this order. */
    private record Kind(String model, int words, int chunk) implements Comparable<Kind> {

        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::model)
                        .thenComparing(Kind::words)
                        .thenComparing(Kind::chunk);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

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
                                f -> new Kind(f.model(), f.words(), f.chunk()),
                                TreeMap::new,
                                Collectors.toList()))
                .forEach((kind, runs) -> file.addRow(row(kind, runs)));
        return file.build();
    }

    private static ResultRow row(Kind kind, List<AskedModel.Figures> runs) {
        int questions = runs.stream().mapToInt(f -> f.questions()).sum();
        return ResultRow.of("model", kind.model())
                .label("words", "%,d".formatted(kind.words()))
                .label("at once", kind.chunk() == 0 ? "as trained" : "%,d".formatted(kind.chunk()))
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
