package org.jzoo.examples.tagging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.factbook.FactbookCountry;
import org.jzoo.datasets.factbook.FactbookField;
import org.jzoo.datasets.factbook.FactbookLabels;
import org.jzoo.examples.longqa.SpanConfig;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** The recipe on a dozen countries of three lines. */
class FactbookLabelsTest {

    @TempDir private Path folder;

    private static FactbookLabels data() {
        List<FactbookCountry> countries = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            countries.add(
                    new FactbookCountry(
                            "x" + c,
                            "Land " + c,
                            List.of(
                                    field(
                                            "%d sq km".formatted(c * 7),
                                            "Geography",
                                            "Area",
                                            "total"),
                                    field("%d km".formatted(c * 3), "Geography", "Coastline"),
                                    field("Town " + c, "Government", "Capital", "name"))));
        }
        return new FactbookLabels(countries);
    }

    private static FactbookField field(String text, String... path) {
        return new FactbookField(List.of(path), text);
    }

    private FactbookLabelsRun run(int steps, long seed) {
        SpanConfig config =
                new SpanConfig(
                        steps,
                        2,
                        16,
                        1e-3,
                        0.01,
                        seed,
                        Precision.FLOAT32,
                        Device.cpu(),
                        folder.resolve("work-" + seed),
                        true);
        return new FactbookLabelsRun(
                FactbookReader.J3, config, "tiny", 16, data(), folder.resolve("models"));
    }

    @Test
    void aRunIsJudgedTwiceKnownAgainAndSaved() throws Exception {
        FactbookLabelsRun run = run(2, 17);
        List<FactbookLabelsRun.Figures> figures = run.run();
        assertEquals(
                List.of("J3, whole page", "J3, first 512 tokens"),
                figures.stream().map(FactbookLabelsRun.Figures::reads).toList());
        FactbookLabelsRun.Figures whole = figures.get(0);
        assertEquals(3 * whole.pages(), whole.stretches());
        assertEquals(whole.f1(), figures.get(1).f1()); // pages of fewer than 512 tokens
        assertTrue(run.made(whole) && run.made(figures.get(1)));
        assertFalse(run(3, 17).made(whole) || run(2, 19).made(whole));
        Path saved = folder.resolve("models/j3-factbook-labels-17");
        String card = Files.readString(saved.resolve("README.md"));
        assertTrue(card.contains("Labels the capital"), card);

        ResultsFile table =
                FactbookLabelsTable.of(figures, "jzoo", "c0ffee", Environment.current(Map.of()));
        assertTrue(table.toMarkdown().contains("| J3, whole page "), table.toMarkdown());
        assertTrue(table.toMarkdown().contains("entity F1 (%)"), table.toMarkdown());
    }
}
