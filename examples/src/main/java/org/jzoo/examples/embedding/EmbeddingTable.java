package org.jzoo.examples.embedding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link EmbeddingRun}s as one table: a row for each variant and training. */
public final class EmbeddingTable {

    private static final String RANK = "reciprocal rank";
    private static final String WEIGHTS = "weights";

    private EmbeddingTable() {}

    /**
     * Summarises runs.
     *
     * @param name of the results
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            String name,
            List<EmbeddingRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        ResultsFile.Builder file =
                ResultsFile.builder()
                        .setName(name)
                        .setCommand(command)
                        .setEnvironment(machine)
                        .optCommit(commit)
                        .optDataHash(figures.get(0).dataHash())
                        .optSeeds(
                                new TreeSet<>(
                                        figures.stream()
                                                .filter(f -> f.steps() > 0)
                                                .map(f -> f.seed())
                                                .toList()))
                        .addFigure(Figure.percent(HalvesJudge.FOUND))
                        .addFigure(Figure.plain(RANK, "", 3))
                        .addFigure(new Figure(WEIGHTS, "million", 1e-6, 1));
        RunsTable.rows(figures, EmbeddingTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs)));
        return file.build();
    }

    private static Map<String, String> labels(EmbeddingRun.Figures f) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("vectors", f.variant());
        labels.put("speeches", "%d".formatted(f.documents()));
        labels.put(
                "learned",
                f.steps() == 0
                        ? "–"
                        : "%d x %d x %d tokens at %s"
                                .formatted(f.steps(), f.batchSize(), f.maxLength(), f.rate()));
        return labels;
    }

    private static ResultRow row(Map<String, String> labels, List<EmbeddingRun.Figures> runs) {
        return new ResultRow(labels, Map.of())
                .figure(HalvesJudge.FOUND, runs.stream().mapToDouble(f -> f.found()).toArray())
                .figure(RANK, runs.stream().mapToDouble(f -> f.reciprocalRank()).toArray())
                .figure(WEIGHTS, (double) runs.get(0).parameters());
    }
}
