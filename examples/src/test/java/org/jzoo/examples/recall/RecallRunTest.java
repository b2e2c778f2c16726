package org.jzoo.examples.recall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;

class RecallRunTest {

    private static final List<String> WORDS =
            List.of("the", "union", "of", "states", "has", "trade", "with", "peace", "law", "year");

    @TempDir Path folder;

    private static String speech(long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, 60)
                .mapToObj(
                        i ->
                                IntStream.range(0, 4 + random.nextInt(9))
                                                .mapToObj(
                                                        w ->
                                                                WORDS.get(
                                                                        random.nextInt(
                                                                                WORDS.size())))
                                                .collect(Collectors.joining(" "))
                                        + ".")
                .collect(Collectors.joining(" "));
    }

    static RecallText text() {
        return RecallText.of(
                IntStream.range(0, 6)
                        .mapToObj(i -> new Speech(1801 + 2 * i, "A", "B", speech(i)))
                        .toList(),
                "hash");
    }

    private static RecallConfig config() {
        return new RecallConfig(
                new J3Size(16, 2, 2, 24, 128, 16, 9),
                List.of(RecallTask.values()),
                0,
                new RecallConfig.Training(
                        List.of(256), 512, 1, 1e-3, new RecallConfig.Aids(0.5, 4)),
                new RecallConfig.Judging(List.of(256, 512), 640, 2, 1024),
                Precision.FLOAT32);
    }

    @Test
    void aTextHoldsItsFactsAndEndsWithTheQuestionAndSlots() {
        RecallText text = text();
        RecallVocabulary vocabulary = text.vocabulary();
        for (RecallTask task : RecallTask.values()) {
            Random random = new Random(3);
            Random same = new Random(3);
            RecallExample example = RecallExample.draw(task, 300, text.train(), vocabulary, random);
            var needles = task.task().draw(same);
            int[] tokens = example.tokens();
            assertEquals(300, tokens.length);
            int[] slots = new int[RecallExample.SLOTS];
            Arrays.setAll(slots, i -> RecallVocabulary.SLOT + i);
            assertArrayEquals(slots, Arrays.copyOfRange(tokens, 294, 300));
            int[] question = vocabulary.encode(needles.question());
            assertArrayEquals(question, example.question());
            assertArrayEquals(question, Arrays.copyOfRange(tokens, 294 - question.length, 294));
            for (String fact : needles.evidence()) {
                assertTrue(holds(tokens, vocabulary.encode(fact)), fact);
            }
            for (String fact : needles.distractors()) {
                assertTrue(holds(tokens, vocabulary.encode(fact)), fact);
            }
            assertArrayEquals(
                    needles.evidence().stream()
                            .flatMapToInt(fact -> Arrays.stream(vocabulary.encode(fact)))
                            .sorted()
                            .toArray(),
                    marked(example, RecallExample.ANSWERS));
            assertArrayEquals(
                    needles.distractors().stream()
                            .flatMapToInt(fact -> Arrays.stream(vocabulary.encode(fact)))
                            .sorted()
                            .toArray(),
                    marked(example, RecallExample.LIKE));
            int[] answer = vocabulary.encode(needles.answer());
            assertArrayEquals(answer, Arrays.copyOf(example.answer(), answer.length));
            assertEquals(RecallVocabulary.END, example.answer()[answer.length]);
            assertEquals(answer.length + 1, example.answer().length);
            assertTrue(example.depth() >= 0 && example.depth() < 1);
        }
    }

    private static int[] marked(RecallExample example, int mark) {
        return IntStream.range(0, example.tokens().length)
                .filter(i -> example.marks()[i] == mark)
                .map(i -> example.tokens()[i])
                .sorted()
                .toArray();
    }

    @Test
    void shortTextsAreReadInAsManyChunksAsCutsAllow() {
        J3Size size = new J3Size(16, 2, 2, 24, 128, 16, 9);
        RecallConfig.Aids aids = new RecallConfig.Aids(0, 4);
        assertEquals(Set.of(128), chunks(new RecallConfig.Aids(0, 1), 256, size));
        assertEquals(Set.of(128, 64), chunks(aids, 256, size));
        assertEquals(Set.of(128, 32, 16), chunks(aids, 64, size));
        assertEquals(Set.of(128), chunks(aids, 512, size));
        assertEquals(Set.of(128, 64), chunks(new RecallConfig.Aids(0, 8), 300, size));
    }

    private static Set<Integer> chunks(RecallConfig.Aids aids, int length, J3Size size) {
        Random random = new Random(3);
        return IntStream.range(0, 50)
                .mapToObj(i -> aids.chunkLength(length, size, random))
                .collect(Collectors.toSet());
    }

    @Test
    void factsOfOtherRowsCompeteOnlyWhereTheyCannotAnswer() {
        assertTrue(RecallTask.KEY_VALUES.kind(0) != RecallTask.KEY_VALUES.kind(1));
        assertEquals(RecallTask.PASSKEY.kind(0), RecallTask.PASSKEY.kind(1));
        assertEquals(RecallTask.TWO_FACTS.kind(0), RecallTask.THREE_FACTS.kind(1));
        assertTrue(RecallTask.PASSKEY.kind(0) != RecallTask.COUNTING.kind(0));
    }

    @Test
    void guidanceIsPartOfTheLoss() throws Exception {
        RecallText text = text();
        double guided = firstLoss(text, 2);
        double half = firstLoss(text, 1);
        double alone = firstLoss(text, 0);
        assertTrue(alone > 0 && half - alone > 1, alone + " " + half);
        assertEquals(2 * (half - alone), guided - alone, 1e-4);
    }

    private static double firstLoss(RecallText text, double guidance) throws Exception {
        RecallConfig config =
                config().withTraining(
                                new RecallConfig.Training(
                                        List.of(256),
                                        512,
                                        1,
                                        1e-3,
                                        new RecallConfig.Aids(guidance, 1)))
                        .withJudging(new RecallConfig.Judging(List.of(256), 0, 1, 512));
        return new RecallRun(RecallVariant.J3, 5)
                .run(text, config, Device.cpu(), null, new StopSignal())
                .lossCurve()
                .get(1);
    }

    @Test
    void keyValuesAreLearntWithFewerNamesToo() {
        RecallText text = text();
        int fact = text.vocabulary().encode("The code of bafudo is 12345.").length;
        int code = text.vocabulary().encode("code")[0];
        Random random = new Random(3);
        boolean[] seen = new boolean[9];
        for (int i = 0; i < 200; i++) {
            RecallExample example =
                    RecallExample.learnt(
                            RecallTask.KEY_VALUES,
                            8 * fact + 20,
                            text.train(),
                            text.vocabulary(),
                            random);
            long facts = Arrays.stream(example.tokens()).filter(t -> t == code).count() - 1;
            seen[(int) facts] = true;
        }
        for (int pairs = 1; pairs <= 8; pairs++) {
            assertTrue(seen[pairs], "never of " + pairs);
        }
    }

    private static boolean holds(int[] tokens, int[] part) {
        return IntStream.rangeClosed(0, tokens.length - part.length)
                .anyMatch(i -> Arrays.equals(part, Arrays.copyOfRange(tokens, i, i + part.length)));
    }

    @Test
    void wordsThatAreNotKnownAreReadTwoLettersAtATime() {
        RecallVocabulary vocabulary = text().vocabulary();
        assertArrayEquals(vocabulary.encode("ba fu do"), vocabulary.encode("Bafudo"));
        assertArrayEquals(vocabulary.encode("1 2 , x"), vocabulary.encode("12,x"));
        assertEquals(1, vocabulary.encode("states").length);
        assertEquals(1, vocabulary.encode("kitchen").length);
        assertEquals(3, vocabulary.encode("zzyxq").length);
    }

    @Test
    void longerTextsEnterOneByOne() {
        RecallConfig.Training training =
                new RecallConfig.Training(
                        List.of(64, 128, 256), 256, 90, 1e-3, new RecallConfig.Aids(0, 1));
        assertEquals(List.of(64), training.lengthsAt(0));
        assertEquals(List.of(64, 128), training.lengthsAt(20));
        assertEquals(List.of(64, 128, 256), training.lengthsAt(40));
        assertEquals(List.of(64, 128, 256), training.lengthsAt(89));
    }

    @Test
    void everyVariantRunsAtEqualSizeAndDoneRunsAreNotMadeAgain() throws Exception {
        RecallText text = text();
        Path file = folder.resolve("j3.jsonl");
        RecallRuns runs = new RecallRuns(List.of(RecallVariant.values()), List.of(5L));
        assertTrue(runs.run(text, config(), file, null, Device.cpu(), 0, 1));
        List<String> before = Files.readAllLines(file);
        assertTrue(runs.run(text, config(), file, null, Device.cpu(), 0, 1));
        assertEquals(before, Files.readAllLines(file));
        List<RecallRun.Figures> figures = RecallRuns.read(file);
        assertEquals(RecallVariant.values().length, figures.size());
        long wanted = figures.get(0).parameters();
        for (RecallRun.Figures each : figures) {
            assertTrue(Math.abs(wanted - each.parameters()) <= wanted / 100, each.variant());
            assertEquals(RecallTask.values().length, each.recall().size());
            assertTrue(Double.isFinite(each.lossCurve().get(1)), each.variant());
        }
        assertEquals(
                List.of(256, 512, 640),
                List.copyOf(figures.get(0).recall().get("passkey").keySet()));
        RecallTable table = new RecallTable(figures);
        ResultsFile results = table.table("j3", "command", "commit", Environment.current(Map.of()));
        assertEquals(
                RecallVariant.values().length * RecallTask.values().length, results.rows().size());
        assertTrue(table.picture().getWidth() > 0);
        int width = table.heats().get("j3-passkey").getWidth();
        assertTrue(width > 0);
        assertEquals(
                Set.of("passkey", "key-values", "two-facts", "three-facts", "counting"),
                table.sheets().keySet());
        assertTrue(table.sheets().get("passkey").getWidth() >= 2 * width);
    }

    @Test
    void aTableNamesTheCommandsThatMakeItsRuns() throws Exception {
        RecallText text = text();
        RecallConfig some =
                config().withTasks(List.of(RecallTask.COUNTING))
                        .withJudging(new RecallConfig.Judging(List.of(256), 0, 1, 512));
        RecallConfig plain =
                some.withTraining(
                        new RecallConfig.Training(
                                List.of(256), 512, 1, 1e-3, new RecallConfig.Aids(0, 1)));
        List<RecallRun.Figures> figures = new ArrayList<>();
        for (long seed : new long[] {5, 3}) {
            RecallRun full = new RecallRun(RecallVariant.FULL, seed);
            figures.add(full.run(text, plain, Device.cpu(), null, new StopSignal()));
        }
        RecallRun without = new RecallRun(RecallVariant.NO_MEMORY, 5);
        figures.add(without.run(text, some, Device.cpu(), null, new StopSignal()));
        assertEquals(
                "jzoo reproduce j3 --data DIR %s --variants full --seeds 3,5 && jzoo reproduce j3 --data DIR %s --variants no-memory --seeds 5"
                        .formatted(plain.options(), some.options()),
                new RecallTable(figures).command());
        figures.add(without.run(text, plain, Device.cpu(), null, new StopSignal()));
        assertEquals(
                List.of(
                        "no-memory, guidance 0.5, cuts 4, looks 0, tasks 1",
                        "no-memory, guidance 0.0, cuts 1, looks 0, tasks 1",
                        "full"),
                new RecallTable(figures)
                                .table("n", "command", "commit", Environment.current(Map.of()))
                                .rows()
                                .stream()
                                .map(row -> row.labels().get("variant"))
                                .toList());
        RecallConfig longer =
                some.withTraining(
                        new RecallConfig.Training(
                                List.of(256), 512, 2, 1e-3, new RecallConfig.Aids(0, 1)));
        figures.add(without.run(text, longer, Device.cpu(), null, new StopSignal()));
        assertEquals(
                "figures must come of runs with the same length, batch and steps, got 2 kinds; keep"
                        + " each kind in a file of its own",
                assertThrows(IllegalArgumentException.class, () -> new RecallTable(figures))
                        .getMessage());
    }

    @Test
    void linesThatNameNoOptionsKeepWhatTheySay() {
        RecallRun.Figures older =
                new RecallRun.Figures(
                        "full",
                        5,
                        7,
                        256,
                        70,
                        512,
                        "gpu(0)",
                        "BFLOAT16",
                        1,
                        "",
                        0,
                        0,
                        0,
                        Map.of("passkey", Map.of(256, 0.5)),
                        Map.of(),
                        Map.of(),
                        null);
        assertEquals(
                "jzoo reproduce j3 --data DIR --tasks passkey --steps 70 --batch-tokens 512"
                        + " --guidance 0.0 --cuts 1 --bf16 --variants full --seeds 5",
                new RecallTable(List.of(older)).command());
    }

    @Test
    void optionsMakeTheRunsAgainWhateverTheDefaultsBecome() {
        RecallConfig.Training usual = RecallConfig.full().training();
        assertEquals(
                "--tasks passkey,key-values --steps 2400 --guidance 1 --cuts 2",
                RecallConfig.full().withPrecision(Precision.FLOAT32).options());
        assertEquals(
                "--smoke --tasks passkey,key-values,two-facts,three-facts,counting --steps 4"
                        + " --guidance 1 --cuts 4",
                RecallConfig.smoke().options());
        assertEquals(
                "--tasks passkey,counting --looks 2 --steps 7 --rate 0.002 --guidance 0.5 --cuts 3"
                        + " --judged-lengths 512,1024 --longest 0 --examples 9 --bf16",
                RecallConfig.full()
                        .withTasks(List.of(RecallTask.PASSKEY, RecallTask.COUNTING))
                        .withLooks(2)
                        .withTraining(
                                new RecallConfig.Training(
                                        usual.lengths(),
                                        usual.batchTokens(),
                                        7,
                                        0.002,
                                        new RecallConfig.Aids(0.5, 3)))
                        .withJudging(new RecallConfig.Judging(List.of(512, 1024), 0, 9, 1 << 22))
                        .options());
    }

    @Test
    void runsOfOneTaskEachMakeOneTable() throws Exception {
        RecallText text = text();
        List<RecallRun.Figures> figures = new ArrayList<>();
        for (RecallTask task : List.of(RecallTask.COUNTING, RecallTask.PASSKEY)) {
            RecallConfig some =
                    config().withTasks(List.of(task))
                            .withJudging(new RecallConfig.Judging(List.of(256), 0, 1, 512));
            figures.add(
                    new RecallRun(RecallVariant.J3, 5)
                            .run(text, some, Device.cpu(), null, new StopSignal()));
        }
        RecallTable table = new RecallTable(figures);
        assertEquals(
                List.of("passkey", "counting"),
                table.table("x", "command", "commit", Environment.current(Map.of())).rows().stream()
                        .map(row -> row.labels().get("task"))
                        .toList());
        assertEquals(Set.of("passkey", "counting"), table.sheets().keySet());
    }

    @Test
    void aStoppedRunGoesOnWhereItWasAndEndsAlike() throws Exception {
        RecallText text = text();
        RecallConfig some =
                config().withTasks(List.of(RecallTask.PASSKEY))
                        .withTraining(
                                new RecallConfig.Training(
                                        List.of(128, 256),
                                        512,
                                        4,
                                        1e-3,
                                        new RecallConfig.Aids(0.5, 4)));
        RecallRun run = new RecallRun(RecallVariant.J3, 5);
        RecallRun.Figures whole = run.run(text, some, Device.cpu(), null, new StopSignal());
        StopSignal stopped = new StopSignal();
        stopped.request();
        assertNull(run.run(text, some, Device.cpu(), folder, stopped));
        RecallRun.Figures resumed = run.run(text, some, Device.cpu(), folder, new StopSignal());
        assertEquals(whole.recall(), resumed.recall());
        assertEquals(whole.byDepth(), resumed.byDepth());
        assertEquals(whole.lossCurve().get(4), resumed.lossCurve().get(4), 1e-4);
        assertTrue(Files.exists(folder.resolve("j3-5/judged.jsonl")));
        RecallRun bounded = new RecallRun(RecallVariant.J3_BOUNDED, 5);
        RecallRun.Figures asked = bounded.run(text, some, Device.cpu(), folder, new StopSignal());
        assertTrue(asked.lossCurve().isEmpty(), "the same weights were trained again");
        assertTrue(Files.exists(folder.resolve("j3-5/judged-j3-bounded.jsonl")));
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "length must leave room for the facts, got length=20, facts=115",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        RecallExample.draw(
                                                RecallTask.KEY_VALUES,
                                                20,
                                                text().train(),
                                                text().vocabulary(),
                                                new Random(3)))
                        .getMessage()
                        .replaceAll("facts=[0-9]+", "facts=115"));
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> RecallVariant.labelled("best"))
                        .getMessage()
                        .startsWith("variant must be one of j3, j3-bounded"));
        assertEquals(
                "guidance must be >= 0 and cuts >= 1, got guidance=-1.0, cuts=0",
                assertThrows(IllegalArgumentException.class, () -> new RecallConfig.Aids(-1, 0))
                        .getMessage());
        assertEquals(
                "figures must hold at least one run, got none",
                assertThrows(IllegalArgumentException.class, () -> new RecallTable(List.of()))
                        .getMessage());
    }
}
