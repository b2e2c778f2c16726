package org.jzoo.examples.embedding;

import java.util.List;
import java.util.TreeSet;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** Many {@link EmbeddingRun}s as one table: a row for each variant. */
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
        for (EmbeddingVariant variant : EmbeddingVariant.values()) {
            List<EmbeddingRun.Figures> runs =
                    figures.stream().filter(f -> f.variant().equals(variant.label())).toList();
            if (!runs.isEmpty()) {
                file.addRow(row(variant, runs));
            }
        }
        return file.build();
    }

    private static ResultRow row(EmbeddingVariant variant, List<EmbeddingRun.Figures> runs) {
        return ResultRow.of("vectors", variant.label())
                .label("speeches", "%d".formatted(runs.get(0).documents()))
                .figure(HalvesJudge.FOUND, runs.stream().mapToDouble(f -> f.found()).toArray())
                .figure(RANK, runs.stream().mapToDouble(f -> f.reciprocalRank()).toArray())
                .figure(WEIGHTS, (double) runs.get(0).parameters());
    }
}
