package org.jzoo.examples.arena;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.longtext.ListOps;
import org.jzoo.datasets.longtext.ListOpsConfig;
import org.jzoo.datasets.longtext.ListOpsExample;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.text.TextTokenizer;

class ArenaRunTest {

    private static final ListOpsConfig SHORT = new ListOpsConfig(20, 60, 4, 5);

    @TempDir Path folder;

    private static ArenaData data() {
        List<ListOpsExample> made = ListOps.examples(SHORT, 40, 3);
        return ArenaData.of(
                ArenaTask.LISTOPS,
                new ListOpsSource(made.subList(0, 30)),
                new ListOpsSource(made.subList(30, 40)),
                new ListOpsEncoding(),
                "hash");
    }

    private static ArenaConfig config(int steps) {
        return new ArenaConfig(
                new J3Size(16, 2, 2, 40, 32, 8, 4),
                new ArenaConfig.Training(steps, 4, 1e-3),
                Precision.FLOAT32);
    }

    @Test
    void operationsAreTokensFromOneOn() {
        Encoded encoded = new ListOpsEncoding().encode("[MAX 4 [SM 9 3 ] 0 ]", null);
        assertArrayEquals(new long[] {12, 5, 14, 10, 4, 15, 1, 15}, encoded.ids());
        assertEquals(16, ListOpsEncoding.VOCABULARY);
    }

    @Test
    void expressionsAreTheirPublishedFormWithTheirValues() {
        List<TextExample> examples =
                new ListOpsSource(ListOps.train(5).subList(0, 3)).stream().toList();
        assertEquals(List.of(1L, 2L, 3L), examples.stream().map(TextExample::row).toList());
        for (TextExample example : examples) {
            int length = new ListOpsEncoding().encode(example.text(), null).length();
            assertTrue(length > 500 && length < 2_000, "length " + length);
            assertEquals(ListOps.evaluate(example.text()), Integer.parseInt(example.label()));
        }
    }

    @Test
    void bytesAreThoseOfTheTokenizerThatUsersHave() {
        String text = "Café — “naïve”\n\t<br /> 100 % \u0000 [x] 電 🙂";
        Encoded encoded = new ByteEncoding(1_000).encode(text, null);
        TokenizerFile file = TokenizerFile.bytes();
        assertEquals(ByteEncoding.VOCABULARY, file.vocabularySize());
        assertEquals(0, file.padding());
        try (TextTokenizer tokenizer = file.open()) {
            assertArrayEquals(tokenizer.encode(text).ids(), encoded.ids());
            assertEquals(text, tokenizer.decode(encoded.ids()));
            String all =
                    IntStream.rangeClosed(0, 0x7FF)
                            .mapToObj(Character::toString)
                            .collect(Collectors.joining());
            assertArrayEquals(
                    tokenizer.encode(all).ids(), new ByteEncoding(9_000).encode(all, null).ids());
        }
        Encoded cut = new ByteEncoding(5).encode("Café!", null);
        assertArrayEquals(new long[] {68, 98, 103, 196, 170}, cut.ids());
        assertEquals(6, cut.originalLength());
    }

    @Test
    void reviewsAreJudgedByBothClassesAlike() {
        try (ArenaData data = ArenaData.reviews(reviews(12), reviews(40), 10, "hash")) {
            assertEquals(12, data.train().size());
            assertArrayEquals(new long[] {5, 5}, data.test().labelCounts());
        }
    }

    private static TextSource reviews(int count) {
        return new TextSource() {
            @Override
            public String name() {
                return "reviews";
            }

            @Override
            public TargetKind target() {
                return TargetKind.CLASS;
            }

            @Override
            public Stream<TextExample> stream() {
                return LongStream.rangeClosed(1, count)
                        .mapToObj(
                                i ->
                                        TextExample.of(
                                                i,
                                                "film " + i,
                                                i <= count / 2 ? "negative" : "positive"));
            }
        };
    }

    @Test
    void everyVariantHasAsManyWeightsAndEveryRunItsFigures() {
        try (ArenaData data = data()) {
            List<ArenaRun.Figures> all =
                    Arrays.stream(ArenaVariant.values())
                            .map(
                                    variant ->
                                            new ArenaRun(ArenaTask.LISTOPS, variant, 3)
                                                    .run(
                                                            data,
                                                            config(2),
                                                            Device.cpu(),
                                                            null,
                                                            new StopSignal()))
                            .toList();
            long weights = all.get(0).parameters();
            for (ArenaRun.Figures figures : all) {
                assertTrue(
                        Math.abs(weights - figures.parameters()) <= weights / 100,
                        figures.variant() + ": " + figures.parameters() + " not " + weights);
                assertEquals(Set.of(1, 2), figures.lossCurve().keySet());
                figures.lossCurve().values().forEach(l -> assertTrue(l > 0.5 && l < 8));
                assertTrue(figures.accuracy() >= 0 && figures.accuracy() <= 1);
            }
            table(all);
        }
    }

    private static void table(List<ArenaRun.Figures> figures) {
        ResultsFile table =
                ArenaTable.of(figures, "command", "commit", Environment.current(Map.of()));
        assertEquals(
                List.of("j3", "sliding", "longformer", "full", "Transformer"),
                table.rows().stream().map(r -> r.labels().get("model")).limit(5).toList());
        ResultRow ours = table.rows().get(0);
        assertEquals(Set.of("listops"), ours.values().keySet());
        assertEquals("2 x 4 at 0.001", ours.labels().get("steps x texts at rate"));
        assertEquals("3", ours.labels().get("seeds"));
        assertEquals(
                List.of(0.3637, 0.6427),
                table.rows().get(4).values().values().stream().map(v -> v.get(0)).toList());
    }

    @Test
    void aRunIsMadeOnceForEachTraining() {
        ArenaRun run = new ArenaRun(ArenaTask.LISTOPS, ArenaVariant.FULL, 3);
        assertTrue(run.made(figures(2, 4, 1e-3), config(2).training()));
        assertFalse(run.made(figures(3, 4, 1e-3), config(2).training()));
        assertFalse(run.made(figures(2, 8, 1e-3), config(2).training()));
        assertFalse(run.made(figures(2, 4, 5e-4), config(2).training()));
        ArenaRun other = new ArenaRun(ArenaTask.TEXT, ArenaVariant.FULL, 3);
        assertFalse(other.made(figures(2, 4, 1e-3), config(2).training()));
    }

    private static ArenaRun.Figures figures(int steps, int batchSize, double rate) {
        return new ArenaRun.Figures(
                "listops", "full", 3, 1, steps, batchSize, rate, "cpu", "FLOAT32", 1, 1, 0.5, "h",
                Map.of());
    }

    @Test
    void aStoppedRunGoesOnAndEndsAlike() {
        ArenaRun run = new ArenaRun(ArenaTask.LISTOPS, ArenaVariant.J3, 5);
        try (ArenaData data = data()) {
            ArenaRun.Figures whole = run.run(data, config(4), Device.cpu(), null, new StopSignal());
            StopSignal stopped = new StopSignal();
            stopped.request();
            assertNull(run.run(data, config(4), Device.cpu(), folder, stopped));
            ArenaRun.Figures resumed =
                    run.run(data, config(4), Device.cpu(), folder, new StopSignal());
            assertEquals(whole.accuracy(), resumed.accuracy());
            assertEquals(whole.lossCurve().get(4), resumed.lossCurve().get(4), 1e-4);
        }
    }

    @Test
    void runsThatLearntLongerOrAtAnotherRateHaveRowsOfTheirOwn() {
        ResultsFile table =
                ArenaTable.of(
                        List.of(figures(2, 4, 1e-3), figures(3, 4, 1e-3), figures(2, 4, 5e-4)),
                        "command",
                        "commit",
                        Environment.current(Map.of()));
        assertEquals(
                List.of("2 x 4 at 0.001", "3 x 4 at 0.001", "2 x 4 at 0.0005"),
                table.rows().stream()
                        .map(row -> row.labels().get("steps x texts at rate"))
                        .limit(3)
                        .toList());
    }
}
