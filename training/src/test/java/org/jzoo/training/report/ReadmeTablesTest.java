package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.training.report.TextTable.Align;

class ReadmeTablesTest {

    private static final Environment MACHINE =
            new Environment(
                    "Some CPU", 2, 4, 8L << 30, "Linux 6 amd64", "17.0.1", Map.of("DJL", "0.35.1"));
    private static final String CAPTION =
            "<sub>`jzoo bench` · seeds 1, 2 (mean ± sample standard deviation) · Some CPU, 4"
                + " threads, 8 GiB, Linux 6 amd64, Java 17.0.1, DJL 0.35.1 · data 0123456789ab ·"
                + " commit abc · 2026-01-02</sub>";

    @TempDir Path folder;
    private Path readme;

    private static ResultsFile results() {
        return ResultsFile.builder()
                .setName("mail")
                .setCommand("jzoo bench")
                .setEnvironment(MACHINE)
                .optCommit("abc")
                .optDate(Instant.parse("2026-01-02T03:04:05.678Z"))
                .optDataHash("0123456789abcdef")
                .optSeeds(List.of(1L, 2L))
                .addFigure(Figure.percent("accuracy"))
                .addFigure(Figure.plain("latency", "ms", 2))
                .addRow(
                        ResultRow.of("model", "ours")
                                .figure("accuracy", 0.97, 0.99)
                                .figure("latency", 1.5))
                .addRow(
                        ResultRow.of("model", "a|b")
                                .label("source", "paper")
                                .figure("accuracy", 0.9))
                .build();
    }

    @BeforeEach
    void writeResults() throws IOException {
        readme = folder.resolve("README.md");
        assertEquals(
                folder.resolve("results/mail.json"), results().write(folder.resolve("results")));
    }

    private boolean update(String text) throws IOException {
        Files.writeString(readme, text);
        return ReadmeTables.update(readme, folder.resolve("results"));
    }

    @Test
    void resultsComeBackAsTheyWere() throws IOException {
        assertEquals(results(), ResultsFile.read(folder.resolve("results/mail.json")));
    }

    /** By hand: mean 98, deviations ±1, sample deviation √2. */
    @Test
    void theTableShowsMeanAndSpread() {
        assertEquals(
                """
                | model | source | accuracy (%) | latency (ms) |
                | ----- | ------ | -----------: | -----------: |
                | ours  |        |   98.0 ± 1.4 |         1.50 |
                | a\\|b  | paper  |         90.0 |            – |

                """
                        + CAPTION
                        + "\n",
                results().toMarkdown());
    }

    @Test
    void theFileHasEverySeedAndTheSummary() throws IOException {
        String json = Files.readString(folder.resolve("results/mail.json"));
        assertTrue(json.contains("\"mean\": 0.98"), json);
        assertTrue(json.contains("\"standardDeviation\": 0.01414"), json);
        assertTrue(json.replaceAll("\\s", "").contains("\"perSeed\":[0.97,0.99]"), json);
    }

    @Test
    void regionsAreReplacedAndTheRestStays() throws IOException {
        String text =
                """
                # T

                <!-- jzoo:results mail columns=model, accuracy -->
                old 12.3
                <!-- /jzoo:results -->
                end\
                """;
        assertTrue(update(text));
        String expected =
                """
                # T

                <!-- jzoo:results mail columns=model, accuracy -->

                | model | accuracy (%) |
                | ----- | -----------: |
                | ours  |   98.0 ± 1.4 |
                | a\\|b  |         90.0 |

                %s

                <!-- /jzoo:results -->
                end\
                """
                        .replace("%s", CAPTION);
        assertEquals(expected, Files.readString(readme));
        assertFalse(ReadmeTables.update(readme, folder.resolve("results")));
        assertTrue(ReadmeTables.isCurrent(readme, folder.resolve("results")));
        Files.writeString(readme, expected.replace("98.0", "99.9"));
        assertFalse(ReadmeTables.isCurrent(readme, folder.resolve("results")));
    }

    @Test
    void rowsAreChosenByTheirLabels() throws IOException {
        update(
                """
                <!-- jzoo:results mail rows=model:ours;source: columns=model; latency -->
                <!-- /jzoo:results -->
                """);
        assertEquals(
                """
                <!-- jzoo:results mail rows=model:ours;source: columns=model; latency -->

                | model | latency (ms) |
                | ----- | -----------: |
                | ours  |         1.50 |

                %s

                <!-- /jzoo:results -->
                """
                        .replace("%s", CAPTION),
                Files.readString(readme));
    }

    @Test
    void windowsLineEndsStay() throws IOException {
        update("a\r\n<!-- jzoo:results mail -->\r\n<!-- /jzoo:results -->\r\n");
        String text = Files.readString(readme);
        assertEquals(-1, text.replace("\r\n", "").indexOf('\n'));
        assertTrue(text.endsWith("<!-- /jzoo:results -->\r\n"));
    }

    @Test
    void markersInCodeAreLeftAlone() throws IOException {
        assertFalse(
                update("```\n<!-- jzoo:results NAME -->\n```\n~~~\n<!-- jzoo:results -->\n~~~\n"));
    }

    @Test
    void brokenMarkersAreNamedWithTheirLine() throws IOException {
        assertRefused(
                "region must end with <!-- /jzoo:results -->, got a start without end in line 2",
                "\n<!-- jzoo:results mail -->\n<!-- jzoo:results mail -->\n<!-- /jzoo:results -->");
        assertRefused(
                "line 1 must be <!-- jzoo:results NAME --> or <!-- jzoo:results NAME rows=A:x|y;B:z"
                        + " columns=A,C -->, got line=<!-- /jzoo:results -->",
                "<!-- /jzoo:results -->");
        assertRefused(
                "line 1: column of mail must be one of [model, source, accuracy, latency],"
                        + " got column=size",
                "<!-- jzoo:results mail columns=size -->\n<!-- /jzoo:results -->");
        assertRefused(
                "line 1: value of source in mail must be one of [, paper], got value=book",
                "<!-- jzoo:results mail rows=source:paper|book -->\n<!-- /jzoo:results -->");
        assertRefused(
                "line 1: rows must be LABEL:VALUE|VALUE;LABEL:VALUE, got rows=paper",
                "<!-- jzoo:results mail rows=paper -->\n<!-- /jzoo:results -->");
    }

    @Test
    void missingAndBrokenResultsAreNamed() throws IOException {
        Files.writeString(folder.resolve("results/broken.json"), "{\"name\":\"broken\"}");
        String text = "<!-- jzoo:results %s -->\n<!-- /jzoo:results -->";
        var absent = assertThrows(IOException.class, () -> update(text.formatted("absent")));
        assertTrue(absent.getMessage().contains("absent.json"), absent.getMessage());
        var broken = assertThrows(IOException.class, () -> update(text.formatted("broken")));
        assertTrue(broken.getMessage().endsWith("broken.json: field is missing: rows"));
        assertEquals(text.formatted("broken"), Files.readString(readme));
    }

    @Test
    void resultsAreChecked() {
        assertMessage(
                "figure of a row must be one of [accuracy], got figure=f1",
                () ->
                        ResultsFile.builder()
                                .setName("x")
                                .setCommand("c")
                                .setEnvironment(MACHINE)
                                .addFigure(Figure.percent("accuracy"))
                                .addRow(ResultRow.of("model", "m").figure("f1", 1))
                                .build());
        assertMessage(
                "values of f1 must be one or more finite numbers, got values=[NaN]",
                () -> ResultRow.of("model", "m").figure("f1", Double.NaN));
        assertMessage(
                "command and environment must be set, got command=, environment=null",
                () -> ResultsFile.builder().setName("x").build());
        assertMessage(
                "name must be letters, digits, dots, dashes and underscores, got name=a/b",
                () ->
                        ResultsFile.builder()
                                .setName("a/b")
                                .setCommand("c")
                                .setEnvironment(MACHINE)
                                .build());
        assertMessage(
                "scale must be > 0 and digits in 0..9, got scale=0.0, digits=1",
                () -> new Figure("f", "", 0, 1));
    }

    @Test
    void markdownColumnsLineUpInTheSource() {
        MarkdownTable table =
                new MarkdownTable(List.of("名", "n"), List.of(Align.LEFT, Align.RIGHT));
        table.row("模型", "1").row("m\nx", "2000");
        assertEquals(
                """
                | 名   |    n |
                | ---- | ---: |
                | 模型 |    1 |
                | m x  | 2000 |
                """,
                table.toString());
    }

    private void assertRefused(String message, String text) throws IOException {
        Files.writeString(readme, text);
        assertMessage(
                message,
                () -> {
                    try {
                        ReadmeTables.update(readme, folder.resolve("results"));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        assertEquals(text, Files.readString(readme));
    }

    private static void assertMessage(String message, Runnable call) {
        var error = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, error.getMessage());
    }
}
