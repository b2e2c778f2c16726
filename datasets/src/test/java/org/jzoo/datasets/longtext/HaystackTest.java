package org.jzoo.datasets.longtext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.jzoo.datasets.DataHash;

class HaystackTest {

    /** 200 sentences of 7 words. */
    private static final Filler FILLER =
            Filler.of(
                    IntStream.range(0, 200)
                            .mapToObj(i -> "Line %d of a book is quiet.".formatted(i))
                            .collect(Collectors.joining(" ")));

    private static Haystack words(int length) {
        return new Haystack(FILLER, length, Haystack.WORDS);
    }

    private static List<MatchResult> find(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    private static String last(String question) {
        return question.replace("?", "").replaceFirst(".* (?=\\S+$)", "");
    }

    @Test
    void aPasskeyStandsOnceInTheText() {
        Set<String> keys = new HashSet<>();
        for (LongExample example : words(300).examples(new Passkey(5), 100, 3)) {
            List<MatchResult> found = find("pass key is (\\d{5}),", example.text());
            assertEquals(1, found.size());
            assertEquals(found.get(0).group(1), example.answer());
            assertEquals(
                    "The pass key is %s, remember it.".formatted(example.answer()),
                    example.evidence().get(0).of(example.text()));
            keys.add(example.answer());
        }
        assertTrue(keys.size() > 95, "got " + keys.size());
    }

    @Test
    void theCodeAskedForIsTheOneOfItsName() {
        for (LongExample example : words(600).examples(new KeyValues(17, 4), 60, 4)) {
            Map<String, String> codes = new HashMap<>();
            for (MatchResult pair : find("The code of (\\w+) is (\\d{4})\\.", example.text())) {
                codes.put(pair.group(1), pair.group(2));
            }
            assertEquals(17, codes.size());
            assertEquals(codes.get(last(example.question())), example.answer());
            assertEquals(1, example.evidence().size());
            assertTrue(
                    example.evidence()
                            .get(0)
                            .of(example.text())
                            .contains(last(example.question())));
        }
    }

    @Test
    void chainsOfFactsLeadToTheAnswerAndNoFactAloneDoes() {
        for (int hops = 2; hops <= 3; hops++) {
            for (LongExample example : words(500).examples(new FactChains(hops, 5), 60, 5)) {
                Map<String, String> next = new HashMap<>();
                for (MatchResult fact :
                        find("(\\w+) (?:lies in|is in) the (\\w+)\\.", example.text())) {
                    next.put(fact.group(1), fact.group(2));
                }
                for (MatchResult fact : find("(\\w+) carries the (\\w+)\\.", example.text())) {
                    next.put(fact.group(2), fact.group(1));
                }
                assertEquals(5 * hops, next.size());
                String at = last(example.question());
                for (int i = 0; i < hops; i++) {
                    at = next.get(at);
                }
                assertEquals(at, example.answer());
                assertTrue(FactChains.PLACES.contains(at));
                assertEquals(hops, example.evidence().size());
                for (Span span : example.evidence()) {
                    String fact = span.of(example.text());
                    assertTrue(fact.endsWith(".") && !fact.contains("Line"), fact);
                    assertTrue(
                            !fact.contains(last(example.question()))
                                    || !fact.contains(example.answer()));
                }
            }
        }
    }

    @Test
    void countsAreThoseOfTheSoundAskedFor() {
        Set<String> answers = new HashSet<>();
        for (LongExample example : words(400).examples(new Counting(6), 200, 6)) {
            String sound = find("is the (\\w+) heard", example.question()).get(0).group(1);
            int count = find("The %s is heard\\.".formatted(sound), example.text()).size();
            assertEquals("" + count, example.answer());
            assertEquals(count, example.evidence().size());
            for (Span span : example.evidence()) {
                assertEquals("The %s is heard.".formatted(sound), span.of(example.text()));
            }
            answers.add(example.answer());
        }
        assertEquals(Set.of("0", "1", "2", "3", "4", "5", "6"), answers);
    }

    @Test
    void findingsAreWhatIsKnownAfterEachPieceOfEvidence() {
        Random random = new Random(8);
        for (int hops = 2; hops <= 3; hops++) {
            Needles chain = new FactChains(hops, 3).draw(random);
            assertEquals(hops + 1, chain.findings().size());
            assertEquals("", chain.findings().get(0));
            String known = last(chain.question());
            for (int i = 0; i < hops; i++) {
                assertTrue(chain.evidence().get(i).contains(known));
                known = chain.findings().get(i + 1);
                assertTrue(chain.evidence().get(i).contains(known));
            }
            assertEquals(chain.answer(), known);
        }
        Needles count = new Counting(4).draw(random);
        for (int i = 0; i <= count.evidence().size(); i++) {
            assertEquals("" + i, count.findings().get(i));
        }
        Needles key = new Passkey(5).draw(random);
        assertEquals(List.of("", key.answer()), key.findings());
        assertTrue(key.evidence().get(0).contains(key.answer()));
        assertFault(
                "findings must be one more than evidence, got findings=1, evidence=2",
                () -> new Needles(List.of("a", "b"), List.of(), "what?", List.of("")));
    }

    @Test
    void textsAreAsLongAsAskedOrShorterByLessThanASentence() {
        for (int length : new int[] {7, 50, 333, 5_000}) {
            for (LongExample example : words(length).examples(new Passkey(3), 10, 1)) {
                int words = example.text().split(" ").length;
                assertTrue(words <= length && words > length - 7, words + " of " + length);
            }
        }
        Haystack bytes =
                new Haystack(
                        Filler.of("Das Öl fließt. Ünter Bäumen geht’s."), 1_000, Haystack.BYTES);
        for (LongExample example : bytes.examples(new Passkey(3), 10, 1)) {
            int size = example.text().getBytes(StandardCharsets.UTF_8).length;
            assertTrue(size <= 1_000 && size > 950, "got " + size);
        }
    }

    @Test
    void fillerSentencesFollowEachOtherAsInTheirSource() {
        LongExample example = words(2_000).examples(new Passkey(5), 1, 9).get(0);
        List<MatchResult> lines = find("Line (\\d+) of a book is quiet\\.", example.text());
        assertTrue(lines.size() > 200, "the filler starts again at its end");
        for (int i = 1; i < lines.size(); i++) {
            int before = Integer.parseInt(lines.get(i - 1).group(1));
            assertEquals((before + 1) % 200, Integer.parseInt(lines.get(i).group(1)));
        }
    }

    @Test
    void evidenceStandsAtItsDepthAndDistractorsAnywhere() {
        for (double depth : new double[] {0, 0.25, 1}) {
            List<LongExample> examples = words(2_000).examplesAt(depth, new KeyValues(3, 2), 20, 7);
            Set<Integer> others = new HashSet<>();
            for (LongExample example : examples) {
                double place = (double) example.evidence().get(0).start() / example.text().length();
                assertEquals(depth, place, 0.03);
                find("The code of", example.text()).forEach(m -> others.add(m.start()));
            }
            assertTrue(others.size() > 30, "got " + others.size());
        }
    }

    @Test
    void factsWithoutADepthAreSpreadOverTheWholeText() {
        int[] tenths = new int[10];
        for (LongExample example : words(700).examples(new Passkey(3), 1_000, 11)) {
            tenths[example.evidence().get(0).start() * 10 / example.text().length()]++;
        }
        assertTrue(Arrays.stream(tenths).allMatch(n -> n > 60 && n < 140), Arrays.toString(tenths));
    }

    @Test
    void oneSeedGivesTheSameTextsInAnyOrder() {
        List<LongExample> examples = words(300).examples(new FactChains(3, 4), 20, 42);
        LongExample late = examples.get(19);
        assertEquals(late, List.copyOf(examples).get(19));
        assertNotEquals(late, words(300).examples(new FactChains(3, 4), 20, 43).get(19));
        StringBuilder all = new StringBuilder();
        examples.forEach(example -> all.append(example).append('\n'));
        assertEquals(
                "e790d98f9a637ca9ccfd1c1c5946c0f87bec5963b6c0d05021287c0044c04588",
                DataHash.sha256(all.toString()));
    }

    @Test
    void anyTextBecomesShortSentences() {
        assertEquals(
                List.of("One two.", "Is it \u201cthree?\u201d", "Four"),
                Filler.of("  One\n\ttwo.  Is it \u201cthree?\u201d\r\nFour ").sentences());
        List<String> noStops = Filler.of("word ".repeat(130)).sentences();
        assertEquals(
                List.of(60, 60, 10), noStops.stream().map(Haystack.WORDS::applyAsInt).toList());
        List<String> noSpaces = Filler.of("x".repeat(250)).sentences();
        assertEquals(
                List.of("%s %s %s".formatted("x".repeat(100), "x".repeat(100), "x".repeat(50))),
                noSpaces);
    }

    @Test
    void slicesShareNoSentence() {
        List<String> joined = new ArrayList<>(FILLER.slice(0, 0.8).sentences());
        assertEquals(160, joined.size());
        joined.addAll(FILLER.slice(0.8, 1).sentences());
        assertEquals(FILLER.sentences(), joined);
    }

    @Test
    void faultsAreNamed() {
        assertFault(
                "length must leave room for the facts, got length=10, facts=18",
                () -> words(10).examples(new KeyValues(3, 2), 1, 0).get(0));
        assertFault(
                "filler must hold at least one sentence, got sentences=0", () -> Filler.of(" \n"));
        assertFault(
                "from and to must satisfy 0 <= from < to <= 1, got from=0.5, to=0.5",
                () -> FILLER.slice(0.5, 0.5));
        assertFault(
                "depth must be in [0, 1], got depth=1.5",
                () -> words(100).examplesAt(1.5, new Passkey(5), 1, 0));
        assertFault(
                "measure must be >= 1 for every sentence, got measure=0 for \"Hm.\"",
                () -> new Haystack(Filler.of("Hm."), 10, sentence -> 0));
        assertFault("digits must be in [1, 18], got digits=19", () -> new Passkey(19));
        assertFault("pairs must be in [1, 10000], got pairs=0", () -> new KeyValues(0, 5));
        assertFault("digits must be in [1, 18], got digits=0", () -> new KeyValues(5, 0));
        assertFault("hops must be 2 or 3, got hops=4", () -> new FactChains(4, 3));
        assertFault("chains must be in [1, 20], got chains=21", () -> new FactChains(2, 21));
        assertFault("max must be in [1, 1000], got max=0", () -> new Counting(0));
        assertFault(
                "size must be >= 0, got size=-1", () -> words(9).examples(new Passkey(5), -1, 0));
        assertFault("start must be in [0, end], got start=3, end=2", () -> new Span(3, 2));
    }

    private static void assertFault(String message, Executable run) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, run).getMessage());
    }
}
