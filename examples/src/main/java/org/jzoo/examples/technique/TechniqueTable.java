package org.jzoo.examples.technique;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** The figures of many {@link TechniqueRun}s: a row for each model and what was used with it. */
public final class TechniqueTable {

    private static final String ACCURACY = "accuracy";
    private static final String GAIN = "over plain";

    private TechniqueTable() {}

    /**
     * Summarises runs.
     *
     * @param figures the runs, at least one
     * @param command what measured them
     * @param commit the source code that did
     * @throws IllegalArgumentException if there are none
     */
    public static ResultsFile of(
            List<TechniqueRun.Figures> figures,
            String command,
            String commit,
            Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("techniques", figures, f -> f.seed(), command, commit, machine);
        file.addFigure(Figure.percent(ACCURACY));
        file.addFigure(Figure.percent(GAIN));
        RunsTable.rows(figures, TechniqueTable::labels)
                .forEach((labels, runs) -> file.addRow(row(labels, runs, figures)));
        return file.build();
    }

    private static Map<String, String> labels(TechniqueRun.Figures f) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("task", f.task());
        labels.put("judged on", f.judged());
        labels.put("model", f.model());
        labels.put("tuning", f.tuning());
        boolean sentences = Technique.read(f.techniques()).contains(Technique.SENTENCES);
        String share = sentences ? " (1 of %d)".formatted(f.everySentence()) : "";
        labels.put("techniques", f.techniques() + share);
        labels.put("run", "%d × %d rows, rate %s".formatted(f.epochs(), f.batchSize(), f.rate()));
        return labels;
    }

    private static ResultRow row(
            Map<String, String> labels,
            List<TechniqueRun.Figures> runs,
            List<TechniqueRun.Figures> all) {
        ResultRow row =
                new ResultRow(labels, Map.of())
                        .figure(
                                ACCURACY,
                                runs.stream().mapToDouble(TechniqueTable::accuracy).toArray());
        // Seeds hold out different sentences: only runs of the same seed compare.
        List<Double> gains = new ArrayList<>();
        for (TechniqueRun.Figures run : runs) {
            all.stream()
                    .filter(f -> isPlain(f, run) && !f.techniques().equals(run.techniques()))
                    .findFirst()
                    .ifPresent(plain -> gains.add(accuracy(run) - accuracy(plain)));
        }
        return gains.isEmpty()
                ? row
                : row.figure(GAIN, gains.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static boolean isPlain(TechniqueRun.Figures f, TechniqueRun.Figures like) {
        TechniqueRun wanted =
                new TechniqueRun(like.model(), "plain", like.tuning(), like.judged(), like.seed());
        return f.run().equals(wanted)
                && f.task().equals(like.task())
                && f.batchSize() == like.batchSize()
                && f.rate() == like.rate();
    }

    private static double accuracy(TechniqueRun.Figures f) {
        return f.metrics().get(ACCURACY);
    }
}
