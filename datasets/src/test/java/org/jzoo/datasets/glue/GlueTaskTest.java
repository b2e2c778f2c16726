package org.jzoo.datasets.glue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

class GlueTaskTest {

    /** Two rows in the published layout of each task, quotes that mean nothing included. */
    private static final Map<GlueTask, List<String>> ROWS =
            Map.of(
                    GlueTask.COLA,
                    List.of("gj04\t1\t\tThe \"ropes\" broke.", "ad03\t0\t*\tThem \"broke."),
                    GlueTask.SST2,
                    List.of("sentence\tlabel", "\" charming\t1", "dull \t0"),
                    GlueTask.MRPC,
                    List.of(
                            "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String",
                            "1\t7\t8\t\" We won .\tWe won .",
                            "0\t9\t5\tHe ran .\tShe sat ."),
                    GlueTask.QQP,
                    List.of(
                            "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
                            "1\t2\t3\tWhy?\tWhy so?\t1",
                            "4\t5\t6\tWho?\tWhen?\t0"),
                    GlueTask.STSB,
                    List.of(
                            "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1"
                                    + "\tsentence2\tscore",
                            "0\tg\tf\t2012\t1\tn\tn\tA man.\tA person.\t3.800",
                            "1\tg\tf\t2012\t2\tn\tn\tA cat.\tA car.\t0"),
                    GlueTask.MNLI,
                    List.of(
                            "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse"
                                    + "\tsentence2_binary_parse\tsentence1_parse\tsentence2_parse"
                                    + "\tsentence1\tsentence2\tlabel1\tgold_label",
                            "0\t1\t1n\tfiction\t( a )\t( b )\t(R)\t(R)\tIt rains.\tIt is"
                                    + " wet.\tentailment\tentailment",
                            "1\t2\t2n\tfiction\t( a )\t( b )\t(R)\t(R)\tIt rains.\tIt is"
                                    + " dry.\tneutral\tcontradiction"),
                    GlueTask.QNLI,
                    List.of(
                            "index\tquestion\tsentence\tlabel",
                            "0\tWhen?\tIn 1900.\tentailment",
                            "1\tWho?\tIn 1900.\tnot_entailment"),
                    GlueTask.RTE,
                    List.of(
                            "index\tsentence1\tsentence2\tlabel",
                            "0\tA dog ran.\tA dog moved.\tentailment",
                            "1\tA dog ran.\tA dog sat.\tnot_entailment"),
                    GlueTask.WNLI,
                    List.of(
                            "index\tsentence1\tsentence2\tlabel",
                            "0\tThe drain is full.\tIt is full.\t1",
                            "1\tThe drain is full.\tThe hair is full.\t0"));

    @TempDir Path glue;

    private void write(GlueTask task, String name) throws IOException {
        Path folder = Files.createDirectories(glue.resolve(task.folder()));
        Files.write(folder.resolve(name), ROWS.get(task));
    }

    private static List<TextExample> read(TextSource source) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.toList();
        }
    }

    @ParameterizedTest
    @EnumSource(GlueTask.class)
    void readsThePublishedLayout(GlueTask task) throws IOException {
        write(task, "train.tsv");
        List<TextExample> rows = read(task.train(glue));
        assertEquals(2, rows.size());
        for (TextExample example : rows) {
            assertEquals(task.pair(), example.pair() != null);
            if (task.regression()) {
                assertTrue(example.target() >= 0 && example.target() <= 5);
            } else {
                task.labels().id(example.label());
            }
        }
        assertNotEquals(rows.get(0).label(), rows.get(1).label());
    }

    @Test
    void quotesAreCharactersLikeAnyOther() throws IOException {
        write(GlueTask.COLA, "dev.tsv");
        write(GlueTask.MRPC, "dev.tsv");
        assertEquals(
                List.of(
                        TextExample.of(1, "The \"ropes\" broke.", "1"),
                        TextExample.of(2, "Them \"broke.", "0")),
                read(GlueTask.COLA.dev(glue)));
        assertEquals(
                new TextExample(1, "\" We won .", "We won .", "1"),
                read(GlueTask.MRPC.dev(glue)).get(0));
    }

    @Test
    void mnliHasTwoDevelopmentSetsAndItsGoldLabel() throws IOException {
        write(GlueTask.MNLI, "dev_matched.tsv");
        write(GlueTask.MNLI, "dev_mismatched.tsv");
        assertEquals("contradiction", read(GlueTask.MNLI.dev(glue)).get(1).label());
        assertEquals(2, GlueTask.MNLI.devMismatched(glue).count());
        assertThrows(IllegalStateException.class, () -> GlueTask.RTE.devMismatched(glue));
    }

    @Test
    void everyTaskNamesItsMetrics() {
        assertEquals(List.of("matthews"), GlueTask.COLA.metrics());
        assertEquals(List.of("accuracy", "f1"), GlueTask.QQP.metrics());
        assertEquals(List.of("pearson", "spearman"), GlueTask.STSB.metrics());
        assertEquals(3, GlueTask.MNLI.labels().size());
        assertTrue(GlueTask.STSB.regression());
        assertEquals(
                "STS-B must be a classification to have labels",
                assertThrows(IllegalStateException.class, GlueTask.STSB::labels).getMessage());
    }

    @Test
    void tasksAreFoundByTheirPublishedNames() {
        for (GlueTask task : GlueTask.values()) {
            assertEquals(task, GlueTask.named(task.folder()));
            assertEquals(task, GlueTask.named(task.name().toLowerCase(java.util.Locale.ROOT)));
        }
        assertEquals(
                "task must be one of CoLA, SST-2, MRPC, QQP, STS-B, MNLI, QNLI, RTE, WNLI, "
                        + "got task=AX",
                assertThrows(IllegalArgumentException.class, () -> GlueTask.named("AX"))
                        .getMessage());
    }

    @Test
    void aMissingFileIsNamedWithWhatIsThere() throws IOException {
        write(GlueTask.RTE, "train.tsv");
        assertEquals(
                glue + ": must hold CoLA/train.tsv, got [RTE]",
                assertThrows(DataException.class, () -> GlueTask.COLA.train(glue)).getMessage());
        assertEquals(
                glue.resolve("no") + ": must hold RTE/dev.tsv, got []",
                assertThrows(DataException.class, () -> GlueTask.RTE.dev(glue.resolve("no")))
                        .getMessage());
    }

    @Test
    void theHashFollowsTheFiles() throws IOException {
        write(GlueTask.RTE, "train.tsv");
        write(GlueTask.RTE, "dev.tsv");
        String before = GlueTask.RTE.sha256(glue);
        assertEquals(before, GlueTask.RTE.sha256(glue));
        Files.writeString(glue.resolve("RTE/dev.tsv"), "index\tsentence1\tsentence2\tlabel\n");
        assertNotEquals(before, GlueTask.RTE.sha256(glue));
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_GLUE",
            matches = ".+",
            disabledReason = "JZOO_GLUE names no GLUE folder, and its files may not be shipped")
    void realFilesHaveTheirPublishedSizes() {
        Path real = Path.of(System.getenv("JZOO_GLUE"));
        Map<GlueTask, long[]> sizes =
                Map.of(
                        GlueTask.COLA, new long[] {8551, 1043},
                        GlueTask.SST2, new long[] {67_349, 872},
                        GlueTask.MRPC, new long[] {3668, 408},
                        GlueTask.STSB, new long[] {5749, 1500},
                        GlueTask.RTE, new long[] {2490, 277},
                        GlueTask.WNLI, new long[] {635, 71});
        sizes.forEach(
                (task, rows) -> {
                    // Copies go round in which MRPC's training file lacks its last row.
                    assertEquals(
                            (double) rows[0],
                            (double) task.train(real).count(),
                            1.0,
                            task.folder());
                    assertEquals(rows[1], task.dev(real).count(), task.folder());
                });
    }
}
