package org.jzoo.examples.length;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.examples.character.Characters;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

class LengthRunTest {

    private static final LengthConfig TINY =
            new LengthConfig(
                    new LengthConfig.Model(16, 2, 2),
                    new LengthConfig.Training(16, 4, 12, 1e-2),
                    new LengthConfig.Judging(5, 8, List.of(48, 16), 96),
                    Precision.FLOAT32);

    @TempDir Path folder;

    private static LengthText text() {
        List<Speech> speeches = new ArrayList<>();
        for (int year = 1900; year < 1910; year++) {
            speeches.add(new Speech(year, "P", "none", "abc ".repeat(20 + year % 10)));
        }
        return LengthText.of(speeches, "hash");
    }

    @Test
    void longerWindowsMakeStepsOfAsManyCharacters() {
        assertEquals(new LengthConfig.Training(32, 2, 12, 1e-2), TINY.withLength(32).training());
        assertEquals(1, TINY.withLength(100).training().batchSize());
    }

    @Test
    void charactersBecomeAscii() {
        assertArrayEquals(
                "it's \"so\" -- cafe? ".chars().asLongStream().toArray(),
                Characters.encode("it’s “so” — café☃\u00A0"));
    }

    @Test
    void yearsThatEndInFiveAreHeldOut() {
        LengthText text = text();
        assertEquals(
                List.of(101), text.heldOut().get(0).texts().stream().map(s -> s.length).toList());
        assertEquals(9 * 81 + 4 * (45 - 5), text.train().length);
    }

    @Test
    void windowsStayInTheirSpeech() {
        HeldOut text = new HeldOut("speeches", List.of(new long[10], new long[4], new long[12]));
        // Ends at 6 and 8 of the first, 6, 8 and 10 of the third, whose text starts at 14.
        assertArrayEquals(new long[] {6, 8, 20, 22, 24}, text.ends(9, 2, 6));
        assertArrayEquals(new long[] {6, 20}, text.ends(2, 2, 6));
        assertEquals(
                "longest must be below the longest text's length, got longest=12, texts=speeches",
                assertThrows(IllegalArgumentException.class, () -> text.ends(9, 2, 12))
                        .getMessage());
    }

    @Test
    void stretchedFrequenciesByHand() {
        RotaryPositionOption rotary = new RotaryPositionOption(10_000, 4, false);
        StretchedRotary linear = new StretchedRotary(rotary, StretchedRotary.Kind.LINEAR, 512, 4);
        assertArrayEquals(new double[] {0.25, 0.0025}, linear.frequencies(), 1e-12);
        assertEquals(1, linear.magnitude());
        // 512 positions turn the first pair 81 times (kept), the second 0.8 times (divided by 4).
        StretchedRotary yarn = new StretchedRotary(rotary, StretchedRotary.Kind.YARN, 512, 4);
        assertArrayEquals(new double[] {1, 0.0025}, yarn.frequencies(), 1e-12);
        assertEquals(0.1 * Math.log(4) + 1, yarn.magnitude(), 1e-12);
        // 103.673 = 16.5 turns of 2π at one radian: halfway up the ramp.
        StretchedRotary half = new StretchedRotary(rotary, StretchedRotary.Kind.YARN, 104, 4);
        double kept = (104 / (2 * Math.PI) - 1) / 31;
        assertEquals(kept + (1 - kept) / 4, half.frequencies()[0], 1e-12);
    }

    @Test
    void everySchemeRunsAndTheSameSeedGivesTheSameFigures() {
        LengthText text = text();
        for (LengthScheme scheme : LengthScheme.values()) {
            List<LengthRun.Figures> all = run(scheme, text);
            assertEquals(scheme == LengthScheme.ROTARY ? 3 : 1, all.size());
            for (LengthRun.Figures figures : all) {
                assertEquals(
                        scheme == LengthScheme.LEARNED ? Set.of(16) : Set.of(16, 48),
                        figures.bits().keySet());
                figures.bits().values().forEach(b -> assertTrue(b > 0 && b < 7, scheme.label()));
            }
            if (scheme == LengthScheme.ROTARY) {
                List<LengthRun.Figures> again = run(scheme, text);
                assertEquals(bits(all), bits(again));
                assertEquals(all.get(0).bits().get(16), all.get(2).bits().get(16));
            }
        }
    }

    private static List<LengthRun.Figures> run(LengthScheme scheme, LengthText text) {
        return new LengthRun(scheme, 3).run(text, TINY, Device.cpu(), null, new StopSignal());
    }

    @Test
    void theLastTenthOfABookIsHeldOutAndItsLinesAreJoined() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "one\ntwo\n\nend".repeat(10));
        Files.writeString(folder.resolve("b.txt"), "0123456789");
        Files.writeString(folder.resolve("c.md"), "no book");
        LengthText speeches = text();
        LengthText all = speeches.withBooks(folder);
        assertEquals(List.of("speeches", "books"), names(all));
        HeldOut books = all.heldOut().get(1);
        assertArrayEquals(Characters.encode("one two\n\nend9"), books.joined());
        assertEquals(speeches.train().length + 9 * 12 + 9, all.train().length);
        assertNotEquals(speeches.hash(), all.hash());
        assertEquals(
                "books must be a .txt file or a folder of them, got " + folder.getRoot(),
                assertThrows(
                                IllegalArgumentException.class,
                                () -> speeches.withBooks(folder.getRoot()))
                        .getMessage());
    }

    private static List<String> names(LengthText text) {
        return text.heldOut().stream().map(HeldOut::name).toList();
    }

    @Test
    void booksGetRowsOfTheirOwn() throws Exception {
        Path book = Files.writeString(folder.resolve("book.txt"), "xyz ".repeat(150));
        Path file = folder.resolve("books.jsonl");
        new LengthRuns(List.of(LengthScheme.ALIBI), List.of(1L))
                .run(text().withBooks(book), TINY, file, null, Device.cpu(), 0, 1);
        ResultsFile table =
                new LengthTable(LengthRuns.read(file))
                        .table("far", "command", "commit", Environment.current(Map.of()));
        assertEquals("far", table.name());
        assertEquals(
                List.of("speeches", "books"),
                table.rows().stream().map(row -> row.labels().get("text")).toList());
    }

    @Test
    void j3HasAsManyWeightsAsTheOthers() {
        LengthConfig far = LengthConfig.full().withLength(4096);
        double rotary = Weights.count(LengthScheme.ROTARY.model(far));
        assertEquals(1, Weights.count(LengthScheme.J3.model(far)) / rotary, 0.002);
    }

    @Test
    void aStoppedRunGoesOnAndEndsAlike() {
        LengthText text = text();
        LengthRun run = new LengthRun(LengthScheme.J3, 3);
        StopSignal stopped = new StopSignal();
        stopped.request();
        assertEquals(List.of(), run.run(text, TINY, Device.cpu(), folder, stopped));
        assertEquals(
                bits(run(LengthScheme.J3, text)),
                bits(run.run(text, TINY, Device.cpu(), folder, new StopSignal())));
    }

    private static List<Map<Integer, Double>> bits(List<LengthRun.Figures> all) {
        return all.stream().map(LengthRun.Figures::bits).toList();
    }

    @Test
    void doneRunsAreNotMadeAgainAndTheTableHoldsThemAll() throws Exception {
        Path file = folder.resolve("length.jsonl");
        LengthText text = text();
        List<LengthScheme> schemes = List.of(LengthScheme.LEARNED, LengthScheme.ROTARY);
        new LengthRuns(schemes, List.of(1L)).run(text, TINY, file, null, Device.cpu(), 0, 1);
        List<String> before = Files.readAllLines(file);
        new LengthRuns(schemes, List.of(1L, 2L)).run(text, TINY, file, null, Device.cpu(), 0, 1);
        List<String> after = Files.readAllLines(file);
        assertEquals(before, after.subList(0, before.size()));
        assertEquals(8, after.size());

        LengthTable table = new LengthTable(LengthRuns.read(file));
        ResultsFile results =
                table.table("length-64", "command", "commit", Environment.current(Map.of()));
        assertEquals(
                List.of("learned", "rotary", "rotary, linear", "rotary, YaRN"),
                results.rows().stream().map(r -> r.labels().get("scheme")).toList());
        ResultRow learned = results.rows().get(0);
        assertEquals(2, learned.values().get("16").size());
        assertEquals(Set.of("16"), learned.values().keySet());
        assertTrue(table.picture().getWidth() > 0);
        assertEquals(
                Set.of("16", "48"),
                results.figures().stream().map(f -> f.name()).collect(Collectors.toSet()));
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "scheme must be one of none, sinusoidal, learned, rotary, alibi, relative, window,"
                        + " forgetting, forgetting-rotary, j3, got scheme=rope",
                assertThrows(IllegalArgumentException.class, () -> LengthScheme.labelled("rope"))
                        .getMessage());
        assertEquals(
                "dim must be a multiple of 2 * numHeads and numLayers >= 1, got dim=18,"
                        + " numHeads=4, numLayers=2",
                assertThrows(IllegalArgumentException.class, () -> new LengthConfig.Model(18, 2, 4))
                        .getMessage());
    }
}
