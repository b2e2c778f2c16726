package org.jzoo.datasets.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

class SplitTest {

    private static final SplitFractions FRACTIONS = new SplitFractions(0.7, 0.1, 0.2);

    record Rows(TargetKind target, List<TextExample> examples) implements TextSource {
        static Rows of(String... textsAndLabels) {
            List<TextExample> examples = new ArrayList<>();
            for (int i = 0; i < textsAndLabels.length; i += 2) {
                examples.add(TextExample.of(i / 2 + 1L, textsAndLabels[i], textsAndLabels[i + 1]));
            }
            return new Rows(TargetKind.CLASS, examples);
        }

        @Override
        public String name() {
            return "rows";
        }

        @Override
        public Stream<TextExample> stream() {
            return examples.stream();
        }
    }

    /** Class "a" is nine times as frequent as "b"; "c" has three rows. */
    private static Rows unbalanced(int rows) {
        List<TextExample> examples = new ArrayList<>();
        for (int i = 1; i <= rows; i++) {
            String label = i <= 3 ? "c" : i % 10 == 0 ? "b" : "a";
            // Rows with gaps, as after skipped or repeated ones.
            examples.add(TextExample.of(2L * i, "text " + i, label));
        }
        return new Rows(TargetKind.CLASS, examples);
    }

    private static Map<String, Long> counts(TextSource source) {
        Map<String, Long> counts = new HashMap<>();
        try (Stream<TextExample> examples = source.stream()) {
            examples.forEach(example -> counts.merge(example.label(), 1L, Long::sum));
        }
        return counts;
    }

    @Test
    void everyClassHasItsSharesToWithinARow() {
        Rows source = unbalanced(1003);
        StratifiedSplit split = StratifiedSplit.of(source, FRACTIONS, 1);
        Map<String, Long> all = counts(source);
        for (Part part : Part.values()) {
            double share = part == Part.TRAIN ? 0.7 : part == Part.TEST ? 0.2 : 0.1;
            Map<String, Long> own = counts(split.select(source, part));
            all.forEach(
                    (label, count) ->
                            assertEquals(
                                    share * count,
                                    (double) own.getOrDefault(label, 0L),
                                    1.0,
                                    label + part));
        }
    }

    @Test
    void partsAreDisjointAndWhole() {
        Rows source = unbalanced(500);
        StratifiedSplit split = StratifiedSplit.of(source, FRACTIONS, 1);
        long sum = 0;
        for (Part part : Part.values()) {
            sum += split.select(source, part).count();
        }
        assertEquals(500, sum);
    }

    @Test
    void theSeedDecidesTheSplit() {
        Rows source = unbalanced(500);
        StratifiedSplit one = StratifiedSplit.of(source, FRACTIONS, 1);
        StratifiedSplit same = StratifiedSplit.of(source, FRACTIONS, 1);
        StratifiedSplit other = StratifiedSplit.of(source, FRACTIONS, 2);
        int differing = 0;
        for (TextExample example : source.examples()) {
            assertEquals(one.part(example), same.part(example));
            differing += one.part(example) == other.part(example) ? 0 : 1;
        }
        assertTrue(differing > 100, "rows in other parts: " + differing);
    }

    @Test
    void numbersAreSplitAtRandom() {
        List<TextExample> examples = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            examples.add(TextExample.of(i, "t", String.valueOf(i / 7.0)));
        }
        Rows source = new Rows(TargetKind.NUMBER, examples);
        StratifiedSplit split = StratifiedSplit.of(source, FRACTIONS, 0);
        assertEquals(140, split.select(source, Part.TRAIN).count());
        assertEquals(20, split.select(source, Part.VALIDATION).count());
    }

    @Test
    void rowsOfAnotherSourceAreRefused() {
        StratifiedSplit split = StratifiedSplit.of(unbalanced(5), FRACTIONS, 0);
        assertEquals(
                "row must be one of the 5 rows that were split, got row=3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> split.part(TextExample.of(3, "x", "a")))
                        .getMessage());
    }

    @Test
    void contentHashKeepsATextsPartWhenDataGrowsOrIsRelabelled() {
        ContentHashSplit split = new ContentHashSplit(FRACTIONS);
        assertEquals(
                split.part(TextExample.of(1, "Some text", "a")),
                split.part(TextExample.of(99, " some\n TEXT ", "b")));
        // Fixed for good: the shipped data and published splits rest on it.
        assertEquals(Part.TRAIN, split.part(TextExample.of(1, "hello", null)));
        assertEquals(0.175572, ContentHashSplit.place(TextExample.of(1, "hello", null)), 1e-6);
    }

    @Test
    void contentHashMeetsTheSharesOnAverage() {
        Rows source = unbalanced(20_000);
        ContentHashSplit split = new ContentHashSplit(FRACTIONS);
        assertEquals(14_000.0, (double) split.select(source, Part.TRAIN).count(), 250.0);
        assertEquals(2_000.0, (double) split.select(source, Part.VALIDATION).count(), 170.0);
        assertEquals(4_000.0, (double) split.select(source, Part.TEST).count(), 220.0);
    }

    @Test
    void contentHashTellsPairsApart() {
        double pair = ContentHashSplit.place(new TextExample(1, "a", "b c", null));
        assertNotEquals(pair, ContentHashSplit.place(new TextExample(1, "a b", "c", null)));
        assertNotEquals(pair, ContentHashSplit.place(TextExample.of(1, "a b c", null)));
    }

    @Test
    void emptyPartsStayEmpty() {
        SplitFractions half = new SplitFractions(0.5, 0, 0.5);
        Rows source = unbalanced(101);
        for (Split split :
                List.of(StratifiedSplit.of(source, half, 0), new ContentHashSplit(half))) {
            assertEquals(0, split.select(source, Part.VALIDATION).count());
        }
        SplitFractions noTest = new SplitFractions(0.9, 0.1, 0);
        assertEquals(0, StratifiedSplit.of(source, noTest, 0).select(source, Part.TEST).count());
        SplitFractions all = new SplitFractions(1, 0, 0);
        assertEquals(101, StratifiedSplit.of(source, all, 0).select(source, Part.TRAIN).count());
    }

    @Test
    void fractionsMustSumToOne() {
        assertEquals(
                "fractions must be >= 0 and sum to 1, got train=0.7, validation=0.1, test=0.1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new SplitFractions(0.7, 0.1, 0.1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SplitFractions(1.2, -0.2, 0));
    }

    @Test
    void exactDuplicatesAreTheLaterRowsOfEqualTexts() {
        Rows source =
                Rows.of(
                        "Hello  there",
                        "a",
                        "other",
                        "a",
                        "hello there\n",
                        "b",
                        "HELLO THERE",
                        "a");
        Duplicates duplicates = Duplicates.exact(source);
        assertEquals(
                List.of(new Duplicate(3, 1, 1, true), new Duplicate(4, 1, 1, false)),
                duplicates.found());
        assertEquals(4, duplicates.rows());
        assertEquals(1, duplicates.conflicts());
        try (Stream<TextExample> kept = duplicates.distinct().stream()) {
            assertEquals(List.of(1L, 2L), kept.map(TextExample::row).toList());
        }
    }

    @Test
    void nearDuplicatesShareMostThreeWordSequences() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            words.append("word").append(i * 7919 % 1000).append(' ');
        }
        String base = words.toString();
        // One word in the middle changed: 95 of 101 sequences shared. Half replaced: about a third.
        String near = base.replace("word" + 50 * 7919 % 1000 + " ", "changed ");
        String far =
                base.substring(0, base.length() / 2)
                        + base.replace("word", "xord").substring(base.length() / 2);
        Duplicates duplicates =
                Duplicates.near(
                        Rows.of(base, "a", near, "b", far, "a", "something else", "a"), 0.8);
        assertEquals(1, duplicates.found().size());
        Duplicate found = duplicates.found().get(0);
        assertEquals(2, found.row());
        assertEquals(1, found.firstRow());
        assertEquals(95.0 / 101, found.similarity(), 0.07);
        assertTrue(found.labelsDiffer());
    }

    @Test
    void nearDuplicatesOfAThousandRowsAreAllFound() {
        List<TextExample> examples = new ArrayList<>();
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 60; w++) {
                text.append("w").append(random.nextInt(500)).append(' ');
            }
            texts.add(text.toString());
        }
        for (int i = 0; i < 500; i++) {
            examples.add(TextExample.of(i + 1, texts.get(i), "a"));
        }
        for (int i = 0; i < 500; i++) {
            examples.add(TextExample.of(501 + i, texts.get(i) + "and an end", "a"));
        }
        Duplicates duplicates = Duplicates.near(new Rows(TargetKind.CLASS, examples), 0.8);
        assertEquals(500, duplicates.found().size());
        duplicates.found().forEach(d -> assertEquals(500, d.row() - d.firstRow()));
    }

    @Test
    void textsWithoutWordsAreNotAllAlike() {
        assertEquals(List.of(), Duplicates.near(Rows.of("!!!", "a", "???", "a"), 0.9).found());
    }

    @Test
    void similarityMustBeWithinItsRange() {
        assertEquals(
                "similarity must be in (0.4, 1], got similarity=0.4",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Duplicates.near(Rows.of("x", "a"), 0.4))
                        .getMessage());
        assertFalse(Duplicates.near(Rows.of("x", "a", "x", "a"), 1).found().isEmpty());
    }
}
