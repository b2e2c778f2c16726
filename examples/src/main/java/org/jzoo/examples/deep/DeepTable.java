package org.jzoo.examples.deep;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.datasets.mail.MailSample;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.metric.SeedSummary;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.training.report.picture.LinePicture;

/** Many {@link DeepRun}s as one table and one picture: a row and a line for each variant. */
public final class DeepTable {

    private static final String LOSS = "loss";
    private static final String DIVERGED = "diverged runs";

    private static final String FREQUENCIES = "frequencies of characters alone";

    private final List<DeepRun.Figures> figures;
    private final double entropy;

    /**
     * Takes the runs.
     *
     * @param entropy of the text, see {@link DeepRun#entropy}: where a stack stalls that learns
     *     nothing else
     * @throws IllegalArgumentException if there are none
     */
    public DeepTable(List<DeepRun.Figures> figures, double entropy) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must hold at least one run, got none");
        }
        this.figures = List.copyOf(figures);
        this.entropy = entropy;
    }

    /** The last loss by variant, of the runs that did not diverge. */
    public ResultsFile table(String command, String commit, Environment machine) {
        ResultsFile.Builder file =
                RunsTable.begin("deep-stack", figures, f -> f.seed(), command, commit, machine)
                        .optDataHash(MailSample.hash())
                        .addFigure(Figure.plain(LOSS, "nats/character", 3))
                        .addFigure(Figure.plain(DIVERGED, "", 0));
        for (DeepVariant variant : DeepVariant.values()) {
            List<DeepRun.Figures> runs = of(variant);
            if (runs.isEmpty()) {
                continue;
            }
            double[] losses =
                    runs.stream()
                            .filter(f -> f.divergedAt() == 0)
                            .mapToDouble(DeepRun.Figures::loss)
                            .toArray();
            ResultRow row =
                    ResultRow.of("stack", variant.label())
                            .label("weights start as", variant.start().name());
            row = losses.length == 0 ? row : row.figure(LOSS, losses);
            file.addRow(row.figure(DIVERGED, runs.size() - losses.length));
        }
        file.addRow(
                ResultRow.of("stack", FREQUENCIES)
                        .label("weights start as", "")
                        .figure(LOSS, entropy));
        return file.build();
    }

    private List<DeepRun.Figures> of(DeepVariant variant) {
        return figures.stream().filter(f -> f.variant().equals(variant.label())).toList();
    }

    /** The loss by steps, as far as all seeds came. */
    public BufferedImage picture() {
        LinePicture picture =
                new LinePicture(
                        "%d layers".formatted(figures.get(0).numLayers()),
                        "steps",
                        "loss (nats per character)");
        for (DeepVariant variant : DeepVariant.values()) {
            List<DeepRun.Figures> runs = of(variant);
            int points = runs.stream().mapToInt(f -> f.curve().size()).min().orElse(0);
            List<SeedSummary> summaries = new ArrayList<>();
            for (int i = 0; i < points; i++) {
                int point = i;
                summaries.add(
                        SeedSummary.of(
                                runs.stream().mapToDouble(f -> f.curve().get(point)).toArray()));
            }
            if (points > 0) {
                picture.line(
                        variant.label(),
                        DeepRun.steps(points),
                        summaries.stream().mapToDouble(SeedSummary::mean).toArray(),
                        summaries.stream().mapToDouble(SeedSummary::standardDeviation).toArray());
            }
        }
        double[] ends = {0, figures.get(0).steps()};
        picture.line(FREQUENCIES, ends, new double[] {entropy, entropy});
        return picture.size(1300, 600).draw();
    }
}
